"""Addresses of this room."""

from django.urls import URLPattern

app_name = "completion"
urlpatterns: list[URLPattern] = []
