"""Addresses of this room: the desk of those who look after the catalogue, and the interest list."""

from django.urls import path

from . import views

app_name = "catalogue"
urlpatterns = [
    path("kurser/interesse/<slug:slug>/", views.InterestView.as_view(), name="interest"),
    path("kurser/ret/", views.CourseDesk.as_view(), name="desk"),
    path("kurser/ret/kursus/nyt/", views.WriteCourse.as_view(), name="new"),
    path("kurser/ret/kursus/<slug:slug>/", views.WriteCourse.as_view(), name="edit"),
    path("kurser/ret/kursus/<slug:slug>/materiale/", views.MaterialPage.as_view(), name="material"),
    path(
        "kurser/ret/kursus/<slug:slug>/materiale/<int:pk>/fjern/",
        views.RemoveMaterial.as_view(),
        name="remove_material",
    ),
    path("kurser/ret/kursus/<slug:slug>/interesse/", views.Interested.as_view(), name="interested"),
    path("kurser/ret/forloeb/", views.PathDesk.as_view(), name="paths_desk"),
    path("kurser/ret/forloeb/nyt/", views.WritePath.as_view(), name="new_path"),
    path("kurser/ret/forloeb/<slug:slug>/", views.WritePath.as_view(), name="edit_path"),
    path("kurser/ret/<slug:kind>/<slug:slug>/skridt/<slug:name>/", views.CatalogueMove.as_view(), name="move"),
]
