"""The Task Force side: one Django app with a room per subject."""
