"""Settings for development, tests and production on one common base."""
