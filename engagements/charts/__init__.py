"""Geometry of the five charts; the drawing itself is in templates/charts/*.svg."""
