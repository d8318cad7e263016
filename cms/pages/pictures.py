"""Pictures on pages: renditions are served to those who may see the picture's collection, and to nobody else."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from wagtail.images.models import Rendition


def picture(request: HttpRequest, name: str) -> FileResponse:
    """A rendition by its file name; 404 for a stranger to a private collection."""
    rendition = get_object_or_404(Rendition.objects.select_related("image__collection"), file=f"images/{name}")
    restrictions = rendition.image.collection.get_view_restrictions()
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
    if not default_storage.exists(rendition.file.name):
        raise Http404
    response = FileResponse(rendition.file.open("rb"))
    response["Cache-Control"] = "private, no-store" if restrictions else "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
