"""Commands of the Task Force side."""
