"""The first version of the open data: the rooms' modules under one schema."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import NinjaAPI
from ninja.errors import ValidationError

from . import catalogue, runs
from .answers import problem

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/deed.da"}
ABOUT = _(
    "Courses, learning paths and runs of the Task Force, free for anyone to use. "
    "State the source when you publish what you make of them."
)

api = NinjaAPI(
    title="Task Force open data",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    openapi_extra={"info": {"license": LICENCE}},
)
api.add_router("", catalogue.router)
api.add_router("", runs.router)


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """No such row, or no such page of a list."""
    return problem(404, "not_found", "There is nothing at this address.")


@api.exception_handler(ValidationError)
def refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter that cannot be used, told by name."""
    found = {str(one["loc"][-1]): str(one["msg"]) for one in error.errors}
    message = "These parameters cannot be used: " + ", ".join(sorted(found))
    return problem(422, "invalid_parameters", message, parameters=found)


def schema() -> dict[str, Any]:
    """The OpenAPI description, as the documentation page reads it."""
    return dict(api.get_openapi_schema())
