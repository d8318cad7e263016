"""What the screens in the CMS share."""

from typing import Any

from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.generic import DeleteView


class SafeDelete(DeleteView):
    """Deletes what nothing refers to; else says so, where Wagtail would fail: `delete_view_class = SafeDelete`."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete, or go back with the reason."""
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except ProtectedError:
            messages.error(request, _("“%(thing)s” is in use and cannot be deleted.") % {"thing": self.object})
            return redirect(self.get_edit_url() if hasattr(self, "get_edit_url") else self.get_success_url())
        return answer
