"""Case and document numbers, PDF, and the guard that keeps a child's identity out of the system."""
