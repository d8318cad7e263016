"""The register of municipalities: regions and names by date, neighbours, partnerships, units and the tile map."""
