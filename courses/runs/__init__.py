"""Runs of courses: sessions, teachers, material, seats and their rules, and the one state that follows from them.

Theme days and network meetings are runs too, so that enrolment is one piece of code.
"""
