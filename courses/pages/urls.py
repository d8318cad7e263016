"""Addresses of the pages that gather; last of the learning side, because a course's address takes any word."""

from django.urls import path
from django.views.generic import RedirectView

from . import views_catalogue as catalogue

app_name = "courses"
urlpatterns = [
    path("kurser/", catalogue.CourseList.as_view(), name="list"),
    path("kurser/forloeb/", catalogue.PathList.as_view(), name="paths"),
    path("kurser/forloeb/<slug:slug>/", catalogue.PathPage.as_view(), name="path"),
    path("kurser/<slug:slug>/", catalogue.CoursePage.as_view(), name="course"),
    path("kurser/<slug:slug>/<str:reference>/", RedirectView.as_view(url="/"), name="run"),
]
