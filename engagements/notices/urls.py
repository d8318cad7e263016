"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "notices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("beskeder/", views.NoticeList.as_view(), name="list"),
    path("beskeder/<int:pk>/", views.OpenNotice.as_view(), name="open"),
    path("beskeder/laest/", views.MarkAllRead.as_view(), name="mark_all_read"),
    path("udbakke/", views.Outbox.as_view(), name="outbox"),
    path("udbakke/<int:pk>/", views.OutboxDetail.as_view(), name="mail"),
    path("udbakke/<int:pk>/<str:name>/", views.OutboxMove.as_view(), name="move"),
]
