"""The catalogue: courses as plain facts, their subjects, learning paths, and who waits for a date.

The words and pictures about a course are a page of the CMS that points to it.
"""
