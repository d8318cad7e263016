"""The answers to a form that saves itself: `<form method="post" data-autosave="{% url … %}">` (see site.js).

The form may hold `<p class="form-hint" data-autosave-status role="status"></p>`, where the answer's message is shown.
"""

from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _


def draft_saved(row: Any) -> JsonResponse:
    """The draft is kept; the form goes on from the row's version."""
    now = time_format(timezone.localtime(), "TIME_FORMAT")
    return JsonResponse({"version": row.version, "message": _("Saved at %(time)s.") % {"time": now}})


def draft_refused(reason: object) -> JsonResponse:
    """Nothing can be kept any more, whatever is typed: 409, at which the page stops saving by itself."""
    return JsonResponse({"message": str(reason)}, status=409)


def draft_not_saved(form: Any) -> JsonResponse:
    """Nothing is kept: 409 when a colleague has saved (the page stops saving by itself), else 422 with the reason."""
    if getattr(form, "conflict", None) is not None:
        text = _("Someone else has saved. Save to compare the two versions; what you have written is still here.")
        return draft_refused(text)
    named = [text for field in form for text in getattr(field, "named_errors", field.errors)]
    reasons = [*map(str, form.non_field_errors()), *named]
    text = _("The draft has not been saved: %(reason)s") % {"reason": " ".join(reasons)}
    return JsonResponse({"message": text}, status=422)
