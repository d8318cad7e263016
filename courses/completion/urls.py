"""Addresses of this room."""

from django.urls import path

from . import views, views_certificates

RUN = "kurser/<slug:slug>/<str:reference>"

app_name = "completion"
urlpatterns = [
    path(f"{RUN}/fremmoede/", views.AttendanceStart.as_view(), name="attendance_start"),
    path(f"{RUN}/fremmoede/<int:pk>/", views.AttendancePage.as_view(), name="attendance"),
    path(f"{RUN}/evaluering/", views.EvaluatePage.as_view(), name="evaluate"),
    path(f"{RUN}/evaluering/resultat/", views.EvaluationResult.as_view(), name="evaluation"),
    path(f"{RUN}/evaluering/spoergsmaal/", views.QuestionsPage.as_view(), name="questions"),
    path(f"{RUN}/kursusbeviser/", views_certificates.CertificatesPage.as_view(), name="certificates"),
    path("bevis/", views_certificates.CheckPage.as_view(), name="check"),
    path("bevis/<str:code>/", views_certificates.CertificatePage.as_view(), name="certificate"),
    path("bevis/<str:code>/pdf/", views_certificates.CertificatePaper.as_view(), name="certificate_pdf"),
    path("bevis/<str:number>/skridt/<str:name>/", views_certificates.CertificateMove.as_view(), name="move"),
]
