"""Addresses of this room; a run is named by its course's address and its own reference."""

from django.urls import path

from . import views, views_topics

app_name = "runs"
RUN = "kurser/<slug:slug>/<str:reference>/"
urlpatterns = [
    path("kurser/hold/", views.RunList.as_view(), name="list"),
    path("kurser/hold/nyt/", views.NewRun.as_view(), name="new"),
    path(f"{RUN}ret/", views.Overview.as_view(), name="edit"),
    path(f"{RUN}ret/beskrivelse/", views_topics.Facts.as_view(), name="facts"),
    path(f"{RUN}ret/kursusgange/", views_topics.Sessions.as_view(), name="sessions"),
    path(f"{RUN}ret/undervisere/", views_topics.Teachers.as_view(), name="teachers"),
    path(f"{RUN}ret/tilmelding/", views_topics.Terms.as_view(), name="terms"),
    path(f"{RUN}ret/spoergsmaal/", views_topics.Questions.as_view(), name="questions"),
    path(f"{RUN}ret/materiale/", views_topics.Material.as_view(), name="material"),
    path(f"{RUN}ret/kursusbevis/", views_topics.CertificateRule.as_view(), name="certificate"),
    path(f"{RUN}kopi/", views.Clone.as_view(), name="clone"),
    path(f"{RUN}skridt/<str:name>/", views.Move.as_view(), name="move"),
]
