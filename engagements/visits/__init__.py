"""Visits of the learning team: offered by season, asked for by municipalities, planned, held, evaluated, followed up."""
