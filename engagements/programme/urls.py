"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import acts, views

app_name = "engagements"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.EngagementList.as_view(), name="list"),
    path("portefoelje/", views.Portfolio.as_view(), name="portfolio"),
    path("<str:case_no>/", views.Detail.as_view(), name="detail"),
    path("<str:case_no>/skridt/<str:name>/", views.Move.as_view(), name="move"),
    path("<str:case_no>/tidsplan/", views.Plan.as_view(), name="plan"),
    path("<str:case_no>/tidsplan/fase/<str:kind>/", acts.ChangePhase.as_view(), name="phase"),
    path("<str:case_no>/tidsplan/fase/<str:kind>/afslut/", acts.FinishPhase.as_view(), name="finish_phase"),
    path("<str:case_no>/tidsplan/milepael/ny/", acts.AddMilestone.as_view(), name="add_milestone"),
    path("<str:case_no>/tidsplan/milepael/<int:pk>/", acts.ChangeMilestone.as_view(), name="milestone"),
    path("<str:case_no>/tidsplan/milepael/<int:pk>/naaet/", acts.ReachMilestone.as_view(), name="reach_milestone"),
    path("<str:case_no>/tidsplan/milepael/<int:pk>/fjern/", acts.RemoveMilestone.as_view(), name="remove_milestone"),
    path("<str:case_no>/team/", views.Team.as_view(), name="team"),
    path("<str:case_no>/team/tilfoej/", acts.JoinTeam.as_view(), name="join_team"),
    path("<str:case_no>/team/<int:pk>/slut/", acts.LeaveTeam.as_view(), name="leave_team"),
    path("<str:case_no>/dokumenter/", views.Documents.as_view(), name="documents"),
    path("<str:case_no>/dokumenter/tilfoej/", acts.AddDocument.as_view(), name="add_document"),
    path("<str:case_no>/historik/", views.History.as_view(), name="history"),
    path("<str:case_no>/historik/note/", acts.WriteNote.as_view(), name="write_note"),
]
