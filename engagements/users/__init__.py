"""The user, signed in by e-mail; an app of its own because Wagtail's migrations need it first."""
