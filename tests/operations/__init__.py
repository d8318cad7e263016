"""What those who run the portal rely on."""
