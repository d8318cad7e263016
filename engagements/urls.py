"""Addresses of the Task Force side; each room keeps its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("engagements.people.urls")),
    path("konto/", include("engagements.notices.urls")),
    path("filer/", include("engagements.records.urls")),
    path("lovkrav/", include("engagements.requirements.urls")),
    path("ansoegninger/", include("engagements.applications.urls")),
    path("forloeb/", include("engagements.programme.urls")),
    # The tabs of an engagement live in their rooms; each begins its paths with <case_no>/.
    path("forloeb/", include("engagements.reviews.urls")),
    path("forloeb/", include("engagements.findings.urls")),
    path("", include("engagements.followup.urls")),
    path("besoeg/", include("engagements.visits.urls")),
    path("spoergsmaal/", include("engagements.questions.urls")),
    path("", include("engagements.briefings.urls")),
]
