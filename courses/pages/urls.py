"""Addresses of the pages that gather; last of the learning side, because a course's address takes any word."""

from django.urls import URLPattern

app_name = "courses"
urlpatterns: list[URLPattern] = []
