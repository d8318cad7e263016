"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from .views import FileView

app_name = "records"
urlpatterns: list[URLPattern | URLResolver] = [path("<slug:kind>/<int:pk>/", FileView.as_view(), name="file")]
