"""The site's addresses, and a bare list beside them: one hand-written query, a minimal template, the same rows."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path

from cms.urls import urlpatterns as site

from .pages import bare

QUERY = """
    SELECT a.case_no, m.name, r.title, a.state, a.submitted_at
    FROM engagements_application a
    JOIN engagements_municipality m ON m.id = a.municipality_id
    JOIN engagements_round r ON r.id = a.round_id
    WHERE a.state <> 'draft'
    ORDER BY a.submitted_at
    LIMIT 50
"""
PAGE = Template(
    "<!doctype html><title>Applications</title><table>{% for row in rows %}<tr>"
    "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def bare_list(request: HttpRequest) -> HttpResponse:
    """Nothing but the rows."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY)
        rows = cursor.fetchall()
    return HttpResponse(PAGE.render(Context({"rows": rows})))


urlpatterns = [path("bare/", bare_list), path("bare-side/", bare), *site]
