"""Date and number formats where ours differ from Django's."""
