"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "briefings"
urlpatterns = [
    path("orientering/", views.BriefingIndex.as_view(), name="index"),
    path("orientering/<slug:slug>/", views.CouncilPage.as_view(), name="council"),
    path("orientering/<slug:slug>/pdf/", views.CouncilPdf.as_view(), name="pdf"),
    path("orientering/<slug:slug>/<int:pk>/", views.CouncilPage.as_view(), name="one"),
    path("orientering/<slug:slug>/<int:pk>/pdf/", views.CouncilPdf.as_view(), name="one_pdf"),
    path("orientering/<int:pk>/skridt/<str:name>/", views.BriefingMove.as_view(), name="move"),
    path("forloeb/<str:case_no>/orientering/", views.WriteBriefing.as_view(), name="write"),
]
