"""Addresses of this room."""

from django.urls import URLPattern, path

from . import views, views_dates, views_lists, views_own, views_seats

app_name = "enrolment"
RUN = "kurser/<slug:slug>/<str:reference>"
urlpatterns: list[URLPattern] = [
    path(f"{RUN}/tilmeld/", views.Enrol.as_view(), name="enrol"),
    path(f"{RUN}/vores/", views.Ours.as_view(), name="ours"),
    path(f"{RUN}/kalender.ics", views_lists.RunCalendar.as_view(), name="calendar"),
    path(f"{RUN}/deltagere/", views_lists.Participants.as_view(), name="participants"),
    path(f"{RUN}/deltagere/liste.pdf", views_lists.Paper.as_view(), {"paper": "list"}, name="list_pdf"),
    path(f"{RUN}/deltagere/navneskilte.pdf", views_lists.Paper.as_view(), {"paper": "badges"}, name="badges_pdf"),
    path(
        f"{RUN}/deltagere/<int:session>/underskrifter.pdf",
        views_lists.Paper.as_view(),
        {"paper": "sign_in"},
        name="sign_in_pdf",
    ),
    path(f"{RUN}/pladser/", views_seats.Seats.as_view(), name="seats"),
    path(f"{RUN}/datoer/", views_dates.Dates.as_view(), name="dates"),
    path(f"{RUN}/aflys/", views_dates.CancelRun.as_view(), name="cancel_run"),
    path("tilmelding/<int:pk>/", views_own.EnrolmentPage.as_view(), name="detail"),
    path("tilmelding/<int:pk>/afmeld/", views_own.Cancel.as_view(), name="cancel"),
    path("tilmelding/<int:pk>/byt/", views_own.Swap.as_view(), name="swap"),
    path("tilmelding/<int:pk>/flyt/", views_own.Transfer.as_view(), name="transfer"),
    path("tilmelding/<int:pk>/del/", views_own.Split.as_view(), name="split"),
    path("tilmelding/<int:pk>/skridt/<str:name>/", views_own.EnrolmentMove.as_view(), name="move"),
    path("mine-kurser/kalender/", views_lists.NewFeed.as_view(), name="new_feed"),
    path("mine-kurser/kalender/<str:token>.ics", views_lists.Feed.as_view(), name="feed"),
    path("min-kommune/<str:code>/kurser/godkendelse/", views_lists.PolicyPage.as_view(), name="policy"),
]
