"""Addresses of this room."""

from django.urls import path

from . import views, views_deciding, views_filling, views_list, views_signing

app_name = "applications"
urlpatterns = [
    path("", views_list.ApplicationList.as_view(), name="list"),
    path("ny/", views_list.Begin.as_view(), name="begin"),
    path("godkend/<str:token>/", views_signing.SignOffLink.as_view(), name="sign_off"),
    path("<str:reference>/", views.Detail.as_view(), name="detail"),
    path("<str:reference>/svar/", views.Answers.as_view(), name="review_answers"),
    path("<str:reference>/papir/<slug:paper>.pdf", views.Paper.as_view(), name="paper"),
    path("<str:reference>/skridt/<str:name>/", views.ApplicationMove.as_view(), name="move"),
    path("<str:reference>/afsnit/<slug:key>/", views_filling.SectionPage.as_view(), name="section"),
    path("<str:reference>/afsnit/<slug:key>/kladde/", views_filling.Autosave.as_view(), name="autosave"),
    path("<str:reference>/kollega/", views_filling.Invite.as_view(), name="invite"),
    path("<str:reference>/bilag/", views_filling.AddAttachment.as_view(), name="add_attachment"),
    path("<str:reference>/bilag/<int:pk>/fjern/", views_filling.RemoveAttachment.as_view(), name="remove_attachment"),
    path("<str:reference>/bed-om-godkendelse/", views_signing.RequestSignOff.as_view(), name="request_sign_off"),
    path("<str:reference>/godkend/", views_signing.Sign.as_view(), name="sign"),
    path("<str:reference>/indsend/", views_signing.Submit.as_view(), name="submit"),
    path("<str:reference>/kvittering/", views_signing.Receipt.as_view(), name="receipt"),
    path("<str:reference>/vurdering/", views_deciding.Assess.as_view(), name="assess"),
    path("<str:reference>/beslutning/", views_deciding.Decide.as_view(), name="decide"),
]
