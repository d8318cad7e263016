"""Addresses of the room, below /spoergsmaal/."""

from django.urls import path

from . import views, views_answers, views_writing

app_name = "questions"
urlpatterns = [
    path("", views.QuestionList.as_view(), name="list"),
    path("nyt/", views_writing.Ask.as_view(), name="ask"),
    path("svar/", views_answers.AnswerList.as_view(), name="answers"),
    path("svar/<int:pk>/", views_answers.AnswerPage.as_view(), name="answer"),
    path("svar/<int:pk>/nyttigt/", views_answers.Useful.as_view(), name="useful"),
    path("svar/<int:pk>/gyldighed/", views_answers.Validity.as_view(), name="validity"),
    path("svar/<int:pk>/skridt/<str:name>/", views_answers.AnswerMove.as_view(), name="move"),
    path("<str:reference>/", views.QuestionPage.as_view(), name="detail"),
    path("<str:reference>/ret/", views_writing.Change.as_view(), name="change"),
    path("<str:reference>/fordel/", views_writing.Assign.as_view(), name="assign"),
    path("<str:reference>/svar/", views_writing.Draft.as_view(), name="draft"),
    path("<str:reference>/bekraeft/", views_writing.Confirm.as_view(), name="confirm"),
    path("<str:reference>/note/", views_writing.WriteNote.as_view(), name="note"),
    path("<str:reference>/offentliggoerelse/", views_writing.Rewrite.as_view(), name="rewrite"),
    path("<str:reference>/skridt/<str:name>/", views.QuestionMove.as_view(), name="move"),
]
