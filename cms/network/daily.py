"""The network's day: what is new in followed threads, at most one mail a person, and members kept in step."""

from datetime import date

from . import digest, members


def run(day: date) -> str:
    """Safe to run again."""
    changed = members.keep_in_step()
    told = digest.send(day)
    return f"{told} people told of new posts, {changed} memberships of the network brought up to date"
