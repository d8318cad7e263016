"""Tests of the pages editors make and of the import of letters."""
