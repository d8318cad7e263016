"""Tests of the leaders' network."""
