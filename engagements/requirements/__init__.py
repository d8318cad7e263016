"""The catalogue of legal requirements by period of validity; published versions never change."""
