"""Re-exports the models of pages and blocks."""
