"""The learning side's share of the demonstration: a catalogue, and runs in every standing with people on them.

`story` tells it through the services, at the moments when it would have happened (`clock`); `scale` adds runs for
measuring. The courses themselves stand in `catalogue/demo.py`.
"""
