"""Addresses of this room."""

from django.urls import URLPattern, URLResolver

app_name = "requirements"
urlpatterns: list[URLPattern | URLResolver] = []
