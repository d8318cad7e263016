"""Page types and blocks that editors use, and the import of letters."""
