"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.NoticeList.as_view(), name="list"),
    path("<int:pk>/", views.OpenNotice.as_view(), name="open"),
    path("laest/", views.MarkAllRead.as_view(), name="mark_all_read"),
]
