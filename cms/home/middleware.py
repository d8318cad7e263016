"""What is refused before any room sees it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class NoNullMiddleware:
    """An address with a NUL byte names nothing here; PostgreSQL would fail on it instead of finding nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        return self.get_response(request)
