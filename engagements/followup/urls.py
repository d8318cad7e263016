"""Addresses of this room."""

from django.urls import path

from . import views

app_name = "followup"
urlpatterns = [
    path("opfoelgning/", views.ActionList.as_view(), name="list"),
    path("forloeb/<str:case_no>/opfoelgning/", views.EngagementFollowUp.as_view(), name="engagement"),
    path("forloeb/<str:case_no>/anbefaling/<int:number>/svar/", views.ReplyPage.as_view(), name="reply"),
    path("forloeb/<str:case_no>/anbefaling/<int:number>/nyt-tiltag/", views.NewAction.as_view(), name="new_action"),
    path("forloeb/<str:case_no>/tiltag/<int:number>/", views.ActionPage.as_view(), name="action"),
    path("forloeb/<str:case_no>/tiltag/<int:number>/ret/", views.ChangeAction.as_view(), name="change"),
    path("forloeb/<str:case_no>/tiltag/<int:number>/gennemfoert/", views.ReportDone.as_view(), name="report_done"),
    path("forloeb/<str:case_no>/tiltag/<int:number>/skridt/<str:name>/", views.ActionMove.as_view(), name="move"),
]
