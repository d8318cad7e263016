"""Five charts: geometry in typed functions, drawn by templates/charts/*.svg with presentation attributes only.

Each chart module has one function that turns plain values into a `Figure`: a title that states the finding, a
description, the table behind the drawing, and two drawings of the same values, one for a page or a sheet of paper and
one for a telephone. `{% chart figure %}` puts it on a page. Texts are made in the language active at that moment.
"""
