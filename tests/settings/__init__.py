"""Settings are code, so they are tested."""
