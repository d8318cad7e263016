"""Findings, recommendations and reports."""
