"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", RedirectView.as_view(pattern_name="notices:list"), name="account"),
    path("konto/invitation/<str:token>/", RedirectView.as_view(pattern_name="notices:list"), name="accept"),
    path("konto/tilknytning/", RedirectView.as_view(pattern_name="notices:list"), name="join"),
    path("konto/tilknytning/<int:pk>/afslut/", RedirectView.as_view(pattern_name="notices:list"), name="leave"),
    path("min-kommune/<str:code>/personer/", RedirectView.as_view(pattern_name="notices:list"), name="members"),
    path("min-kommune/<str:code>/personer/inviter/", RedirectView.as_view(pattern_name="notices:list"), name="invite"),
    path(
        "min-kommune/<str:code>/personer/invitationer/<int:pk>/",
        RedirectView.as_view(pattern_name="notices:list"),
        name="invitation",
    ),
    path(
        "min-kommune/<str:code>/personer/<int:pk>/",
        RedirectView.as_view(pattern_name="notices:list"),
        name="membership",
    ),
]
