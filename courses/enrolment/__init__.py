"""Enrolment: who has a seat, who waits and why.

`seating` holds the rules without a database, `services` the acts. Every act locks the run, recounts, and lets
`seating` give the free seats to those who wait; a new enrolment is only the last in that line.
"""
