"""Addresses of the network; everything below /netvaerk/ is for members."""

from django.urls import path

from . import views, views_meetings, views_reading, views_start

app_name = "network"
urlpatterns = [
    path("", views_start.StartPage.as_view(), name="start"),
    path("velkommen/luk/", views_start.CloseWelcome.as_view(), name="close_welcome"),
    path("traade/", views.ThreadList.as_view(), name="threads"),
    path("traade/ny/", views.NewThread.as_view(), name="new_thread"),
    path("traade/set/", views.SeeAll.as_view(), name="see_all"),
    path("traade/<int:pk>/", views.ThreadPage.as_view(), name="thread"),
    path("traade/<int:pk>/foelg/", views.FollowThread.as_view(), name="follow"),
    path("traade/<int:pk>/fastgoer/", views.PinThread.as_view(), name="pin"),
    path("indlaeg/<int:pk>/", views.PostAddress.as_view(), name="post"),
    path("indlaeg/<int:pk>/ret/", views.EditPost.as_view(), name="edit_post"),
    path("indlaeg/<int:pk>/anmeld/", views.ReportPost.as_view(), name="report"),
    path("anmeldelser/", views.Reports.as_view(), name="reports"),
    path("anmeldelser/<int:pk>/afslut/", views.SettleReport.as_view(), name="settle"),
    path("moeder/", views_meetings.MeetingList.as_view(), name="meetings"),
    path("moeder/nyt/", views_meetings.NewMeeting.as_view(), name="new_meeting"),
    path("moeder/<str:reference>/", views_meetings.MeetingPage.as_view(), name="meeting"),
    path("moeder/<str:reference>/ret/", views_meetings.ChangeMeeting.as_view(), name="change_meeting"),
    path("moeder/<str:reference>/referat/", views_meetings.Minutes.as_view(), name="minutes"),
    path("moeder/<str:reference>/referat/del/", views_meetings.ShareMinutes.as_view(), name="share_minutes"),
    path("moeder/<str:reference>/gaester/", views_meetings.Guests.as_view(), name="guests"),
    path("moeder/<str:reference>/gaester/<int:pk>/fjern/", views_meetings.RemoveGuest.as_view(), name="remove_guest"),
    path("moeder/<str:reference>/materiale/", views_meetings.Material.as_view(), name="meeting_material"),
    path(
        "moeder/<str:reference>/materiale/<int:pk>/fjern/",
        views_meetings.RemoveMaterial.as_view(),
        name="remove_material",
    ),
    path("daekning/", views_reading.CoveragePage.as_view(), name="coverage"),
    path("materiale/", views_reading.MaterialList.as_view(), name="material"),
    path("materiale/<int:pk>/laest/", views_reading.NoteRead.as_view(), name="note_read"),
    path("materiale/<int:pk>/favorit/", views_reading.KeepAtHand.as_view(), name="favourite"),
    path("medlemmer/", views_reading.Directory.as_view(), name="directory"),
    path("mig/", views_reading.OwnEntry.as_view(), name="entry"),
    path("skridt/<slug:kind>/<int:pk>/<slug:name>/", views.NetworkMove.as_view(), name="move"),
]
