"""The answers to a form that saves itself: `<form method="post" data-autosave="{% url … %}">` (see site.js).

The form may hold `<p class="form-hint" data-autosave-status role="status"></p>`, where the answer's message is shown.
"""

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _


def draft_saved(row: Any = None, *, version: int | None = None) -> JsonResponse:
    """The draft is kept; the form goes on from this version."""
    kept = version if version is not None else getattr(row, "version", None)
    return JsonResponse({"version": kept, "message": _("The draft has been saved.")})


def draft_not_saved(form: Any) -> JsonResponse:
    """Nothing is kept: 409 when a colleague has saved (the page stops saving by itself), else 422 with the reason."""
    if getattr(form, "conflict", None) is not None:
        text = _("Someone else has saved. Save to compare the two versions; what you have written is still here.")
        return JsonResponse({"message": text}, status=409)
    named = [text for field in form for text in getattr(field, "named_errors", field.errors)]
    reasons = [*map(str, form.non_field_errors()), *named]
    text = _("The draft has not been saved: %(reason)s") % {"reason": " ".join(reasons)}
    return JsonResponse({"message": text}, status=422)
