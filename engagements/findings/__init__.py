"""Findings, the recommendations made from them, and the reports locked as versions."""
