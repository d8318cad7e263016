"""Questions on rules and practice: a municipality asks, two lawyers answer, and the answer is published for all."""
