"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from .views import RequirementList

app_name = "requirements"
urlpatterns: list[URLPattern | URLResolver] = [path("", RequirementList.as_view(), name="list")]
