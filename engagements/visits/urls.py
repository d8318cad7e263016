"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import acts, acts_after, acts_offers, acts_preparing, views, views_evaluating, views_planning

app_name = "visits"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.VisitList.as_view(), name="list"),
    path("tilbud/", views.OfferList.as_view(), name="offers"),
    path("tilbud/nyt/", acts_offers.OfferForm.as_view(), name="new_offer"),
    path("tilbud/<int:pk>/", views.OfferDetail.as_view(), name="offer"),
    path("tilbud/<int:pk>/ret/", acts_offers.ChangeOffer.as_view(), name="change_offer"),
    path("tilbud/<int:pk>/anmod/", acts.Request.as_view(), name="request"),
    path("tilbud/<int:pk>/skridt/<str:name>/", views.OfferMove.as_view(), name="move"),
    path("planlaegning/", views_planning.SeasonPlan.as_view(), name="planning"),
    path("daekning/", views_planning.Coverage.as_view(), name="coverage"),
    path("udgangspunkt/", acts_offers.ChooseBase.as_view(), name="base"),
    path("evaluering/<str:token>/", views_evaluating.Evaluate.as_view(), name="evaluate"),
    path("<str:reference>/", views.VisitDetail.as_view(), name="detail"),
    path("<str:reference>/ret/", acts.ChangeRequest.as_view(), name="change_request"),
    path("<str:reference>/planlaeg/", acts.Plan.as_view(), name="plan"),
    path("<str:reference>/flyt/", acts.Reschedule.as_view(), name="reschedule"),
    path("<str:reference>/flyt/oenske/", acts.AskToMove.as_view(), name="ask_to_move"),
    path("<str:reference>/flyt/nej/", acts.KeepTime.as_view(), name="keep_time"),
    path("<str:reference>/hold/", acts.Team.as_view(), name="team"),
    path("<str:reference>/program/", acts.Programme.as_view(), name="programme"),
    path("<str:reference>/forberedelse/", acts_preparing.AddPreparation.as_view(), name="add_preparation"),
    path("<str:reference>/forberedelse/<int:pk>/", acts_preparing.Tick.as_view(), name="tick"),
    path(
        "<str:reference>/forberedelse/<int:pk>/ret/",
        acts_preparing.ChangePreparation.as_view(),
        name="change_preparation",
    ),
    path(
        "<str:reference>/forberedelse/<int:pk>/fjern/",
        acts_preparing.RemovePreparation.as_view(),
        name="remove_preparation",
    ),
    path("<str:reference>/materiale/", acts_preparing.AddMaterial.as_view(), name="add_material"),
    path("<str:reference>/materiale/<int:pk>/fjern/", acts_preparing.RemoveMaterial.as_view(), name="remove_material"),
    path("<str:reference>/kalender.ics", views.CalendarFile.as_view(), name="calendar"),
    path("<str:reference>/program.pdf", views.Paper.as_view(), {"paper": "programme"}, name="programme_pdf"),
    path("<str:reference>/evaluering.pdf", views.Paper.as_view(), {"paper": "evaluation"}, name="evaluation_pdf"),
    path("<str:reference>/afholdt/", acts_after.Hold.as_view(), name="hold"),
    path("<str:reference>/notat/", acts_after.Note.as_view(), name="note"),
    path("<str:reference>/evaluering/", views_evaluating.EvaluationPage.as_view(), name="evaluation"),
    path("<str:reference>/laering/", acts_after.AddPoint.as_view(), name="add_point"),
    path("<str:reference>/laering/<int:pk>/", acts_after.ChangePoint.as_view(), name="change_point"),
    path("<str:reference>/laering/<int:pk>/gjort/", acts_after.FinishPoint.as_view(), name="finish_point"),
    path("<str:reference>/laering/<int:pk>/tiltag/", acts_after.MakeAction.as_view(), name="make_action"),
    path("<str:reference>/skridt/<str:name>/", views.VisitMove.as_view(), name="move"),
]
