"""The pages that gather from the rooms: catalogue, course, learning path, run, my courses and reports.

The rooms below keep the forms and lists that are theirs alone.
"""
