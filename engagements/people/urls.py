"""Addresses of this room."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "people"
urlpatterns: list[URLPattern | URLResolver] = [
    path("konto/", views.AccountView.as_view(), name="account"),
    path("konto/invitation/<str:token>/", views.AcceptView.as_view(), name="accept"),
    path("konto/tilknytning/", views.JoinView.as_view(), name="join"),
    path("konto/tilknytning/<int:pk>/afslut/", views.LeaveView.as_view(), name="leave"),
    path("min-kommune/<str:code>/personer/", views.MembersView.as_view(), name="members"),
    path("min-kommune/<str:code>/personer/inviter/", views.InviteView.as_view(), name="invite"),
    path("min-kommune/<str:code>/personer/invitationer/<int:pk>/", views.InvitationView.as_view(), name="invitation"),
    path("min-kommune/<str:code>/personer/<int:pk>/", views.MembershipView.as_view(), name="membership"),
]
