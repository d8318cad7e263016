"""Addresses of this room: the tab of an engagement."""

from django.urls import path

from . import views

app_name = "reviews"
urlpatterns = [
    path("<str:case_no>/gennemgang/", views.ReviewList.as_view(), name="list"),
    path("<str:case_no>/gennemgang/ny/", views.OpenReview.as_view(), name="open"),
    path("<str:case_no>/gennemgang/<int:pk>/", views.Detail.as_view(), name="detail"),
    path("<str:case_no>/gennemgang/<int:pk>/rediger/", views.EditReview.as_view(), name="edit"),
    path("<str:case_no>/gennemgang/<int:pk>/reservesag/", views.AddCase.as_view(), name="add_case"),
    path("<str:case_no>/gennemgang/<int:pk>/sag/<int:number>/", views.RecordCase.as_view(), name="case"),
    path("<str:case_no>/gennemgang/<int:pk>/skema/", views.Grid.as_view(), name="grid"),
    path("<str:case_no>/gennemgang/<int:pk>/skema/svar/", views.RecordAnswer.as_view(), name="answer"),
    path("<str:case_no>/gennemgang/<int:pk>/resultater/", views.Results.as_view(), name="results"),
    path("<str:case_no>/gennemgang/<int:pk>/skridt/<str:name>/", views.ReviewMove.as_view(), name="move"),
]
