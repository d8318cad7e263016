"""After the course: attendance, evaluation and certificates."""
