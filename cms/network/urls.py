"""Addresses of the network; everything below /netvaerk/ is for members."""

from django.urls import URLPattern

app_name = "network"
urlpatterns: list[URLPattern] = []
