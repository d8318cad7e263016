"""Addresses of this room."""

from django.urls import path
from django.views.generic import RedirectView

app_name = "enrolment"
urlpatterns = [
    path("tilmelding/<int:pk>/", RedirectView.as_view(url="/"), name="detail"),
]
