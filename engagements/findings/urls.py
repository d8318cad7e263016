"""Addresses of this room: the tabs *findings* and *report* of an engagement."""

from django.urls import URLPattern, URLResolver, path

from . import report_views, views, views_writing

app_name = "findings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:case_no>/fund/", views.FindingList.as_view(), name="list"),
    path("<str:case_no>/fund/nyt/", views_writing.FindingCreate.as_view(), name="finding_create"),
    path("<str:case_no>/fund/forslag/", views_writing.Suggestions.as_view(), name="suggestions"),
    path("<str:case_no>/fund/<int:number>/", views.FindingDetail.as_view(), name="finding"),
    path("<str:case_no>/fund/<int:number>/ret/", views_writing.FindingChange.as_view(), name="finding_change"),
    path("<str:case_no>/fund/<int:number>/slet/", views_writing.FindingDelete.as_view(), name="finding_delete"),
    path("<str:case_no>/anbefalinger/", views.RecommendationList.as_view(), name="recommendations"),
    path("<str:case_no>/anbefalinger/ny/", views_writing.RecommendationCreate.as_view(), name="recommendation_create"),
    path("<str:case_no>/anbefalinger/<int:number>/", views.RecommendationDetail.as_view(), name="recommendation"),
    path(
        "<str:case_no>/anbefalinger/<int:number>/ret/",
        views_writing.RecommendationChange.as_view(),
        name="recommendation_change",
    ),
    path(
        "<str:case_no>/anbefalinger/<int:number>/slet/",
        views_writing.RecommendationDelete.as_view(),
        name="recommendation_delete",
    ),
    path(
        "<str:case_no>/anbefalinger/<int:number>/op/",
        views_writing.RecommendationUp.as_view(),
        name="recommendation_up",
    ),
    path("<str:case_no>/rapport/", report_views.Reports.as_view(), name="reports"),
    path("<str:case_no>/rapport/<slug:kind>/", report_views.ReportDetail.as_view(), name="report"),
    path("<str:case_no>/rapport/<slug:kind>/tekster/", report_views.ReportTexts.as_view(), name="report_texts"),
    path("<str:case_no>/rapport/<slug:kind>/udkast/", report_views.ReportDraft.as_view(), name="report_draft"),
    path("<str:case_no>/rapport/<slug:kind>/laas/", report_views.ReportLock.as_view(), name="report_lock"),
    path("<str:case_no>/rapport/<slug:kind>/frigiv/", report_views.ReportPublish.as_view(), name="report_publish"),
    path("<str:case_no>/rapport/<slug:kind>/<int:number>.pdf", report_views.report_pdf, name="report_pdf"),
    path("<str:case_no>/rapport/<slug:kind>/trin/<slug:name>/", report_views.ReportMove.as_view(), name="move"),
]
