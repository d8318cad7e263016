"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "home"
urlpatterns: list[URLPattern | URLResolver] = [
    path("start/", views.Start.as_view(), name="start"),
    path("min-kommune/", views.Municipalities.as_view(), name="municipalities"),
    path("min-kommune/<str:code>/", views.OwnMunicipality.as_view(), name="municipality"),
    path("arbejdsplads/", views.Workplace.as_view(), name="workplace"),
    path("soeg/", views.Search.as_view(), name="search"),
]
