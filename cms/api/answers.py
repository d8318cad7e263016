"""How every address of the open data answers: from any site, with a mark of its content, and in JSON when it fails."""

import hashlib
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from engagements.design import spreadsheets

FRESH = 300
"""Seconds an answer may be kept; a free seat is not promised for longer."""


def open_data(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answer HEAD like GET, let pages of other sites read it, and say *not modified* when it is not."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves out the body
        response: HttpResponse = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        if response.status_code != 200:
            return response
        patch_cache_control(response, public=True, max_age=FRESH)
        patch_vary_headers(response, ["Accept-Encoding"])
        response["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    # A wrapped `functools.partial` (the schema) has no name of its own.
    answer.__dict__.setdefault("__name__", "open_data")
    return answer


def problem(status: int, error: str, message: str, **more: Any) -> JsonResponse:
    """What an address says instead of an answer."""
    return JsonResponse({"error": error, "message": message, **more}, status=status)


def not_found(request: HttpRequest, **kwargs: Any) -> JsonResponse:
    """No such address."""
    return problem(404, "not_found", "There is nothing at this address. The documentation is at /api/.")


def as_csv(name: str, columns: list[str], lines: Iterable[list[Any]]) -> HttpResponse:
    """The rows as a file that a spreadsheet opens: semicolons, UTF-8, no text that is taken for a formula."""
    made = spreadsheets.respond("csv", name, columns, ([_plain(value) for value in line] for line in lines))
    response = HttpResponse(b"".join(made), content_type=made["Content-Type"])
    response["Content-Disposition"] = made["Content-Disposition"]
    return response


def _plain(value: Any) -> Any:
    """Codes, times and yes-or-no as JSON writes them, whatever the language; a list with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return value.isoformat() if hasattr(value, "isoformat") else value
