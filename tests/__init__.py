"""Tests mirror the rooms; each names a behaviour."""
