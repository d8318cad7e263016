"""Addresses of the open data: those for machines are the same in every language, the documentation has two."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from .answers import not_found, open_data
from .api import api
from .views import Documentation

app_name = "open_data"
urlpatterns: list[URLPattern | URLResolver] = [path("api/", Documentation.as_view(), name="documentation")]

_answers, _app, _namespace = api.urls
for_machines: list[URLPattern | URLResolver] = [
    path("api/v1", RedirectView.as_view(url="/api/")),
    path("api/v1/", RedirectView.as_view(url="/api/")),
    path("api/openapi.json", RedirectView.as_view(url="/api/v1/openapi.json")),
    path("api/v1/", (decorate_urlpatterns(_answers, open_data), _app, _namespace)),
    path("api/<path:rest>/", RedirectView.as_view(url="/api/%(rest)s", query_string=True)),
    path("api/<path:rest>", open_data(not_found), name="no_such_data"),
]
