"""Tests of the learning side."""
