"""The page for the elected council: what was found and what is done, on one A4."""
