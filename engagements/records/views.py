"""Private files: handed out as downloads to those who may read them, and never shown inside our own pages."""

from pathlib import PurePath
from typing import cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.utils.translation import gettext as _
from django.views.generic import View

from . import access
from .uploads import MIME


class FileView(LoginRequiredMixin, View):
    """`/filer/<kind>/<pk>/`: the file, if it exists and the person may read it; else 404."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, kind: str, pk: int) -> FileResponse:
        """Send it with its own name, as a download that the browser does not try to interpret."""
        served = access.find(kind)
        obj = served.model._base_manager.filter(pk=pk).first() if served else None
        if served is None or obj is None or not served.may_read(obj, request.user):
            raise Http404(_("There is no such file."))
        stored = cast(FieldFile, getattr(obj, served.field))
        if not stored or not stored.storage.exists(str(stored.name)):
            raise Http404(_("There is no such file."))
        name = PurePath(str(stored.name)).name
        extension = PurePath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
        response = FileResponse(
            stored.open("rb"),
            as_attachment=True,
            filename=name,
            content_type=MIME.get(extension, "application/octet-stream"),
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "private, no-store"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response
