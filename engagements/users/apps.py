"""The users app."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "engagements.users"
    label = "users"
