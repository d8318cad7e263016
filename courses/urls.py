"""Addresses of the learning side; each room keeps its own, and the pages come last."""

from django.urls import include, path

urlpatterns = [
    path("", include("courses.catalogue.urls")),
    path("", include("courses.runs.urls")),
    path("", include("courses.enrolment.urls")),
    path("", include("courses.completion.urls")),
    path("", include("courses.pages.urls")),
]
