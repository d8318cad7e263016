"""Re-exports the rooms' models; the rooms follow with the learning side."""
