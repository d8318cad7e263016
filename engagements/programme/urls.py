"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "engagements"
urlpatterns = [
    path("<str:case_no>/", views.Detail.as_view(), name="detail"),
]
