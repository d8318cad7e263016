"""Model fields for free text and files: each refuses a CPR number, naming the field and never the number."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .privacy import find_cpr

CPR_MESSAGE = _(
    "This has not been saved because it seems to contain a CPR number. Delete the number and save again – "
    "everything else you have written is kept."
)


def refuse_cpr(value: Any) -> None:
    """Raise ValidationError if any text in `value` (a string, list or dictionary) holds a CPR number."""
    for text in _texts(value):
        if find_cpr(text):
            raise ValidationError(CPR_MESSAGE, code="cpr")


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in _texts(part)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []


class GuardedCharField(models.CharField):
    """A line of free text."""

    default_validators = [refuse_cpr]


class GuardedTextField(models.TextField):
    """Paragraphs of free text; `max_length` limits both form and model."""

    default_validators = [refuse_cpr]


class GuardedJSONField(models.JSONField):
    """Structured answers whose texts are guarded like any other."""

    default_validators = [refuse_cpr]
