"""Addresses of the pages that gather; last of the learning side, because a course's address takes any word."""

from django.urls import path

from . import views_catalogue as catalogue
from . import views_mine, views_municipality, views_reports, views_run

app_name = "courses"
urlpatterns = [
    path("kurser/", catalogue.CourseList.as_view(), name="list"),
    path("kurser/forloeb/", catalogue.PathList.as_view(), name="paths"),
    path("kurser/forloeb/<slug:slug>/", catalogue.PathPage.as_view(), name="path"),
    path("kurser/rapporter/", views_reports.Reports.as_view(), name="reports"),
    path("kurser/<slug:slug>/", catalogue.CoursePage.as_view(), name="course"),
    path("kurser/<slug:slug>/<str:reference>/", views_run.RunPage.as_view(), name="run"),
    path("mine-kurser/", views_mine.Mine.as_view(), name="mine"),
    path("min-kommune/<str:code>/kurser/", views_municipality.MunicipalityCourses.as_view(), name="municipality"),
]
