"""Model fields for free text and files: each refuses a CPR number, naming the field and never the number."""

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .names import find_child_names
from .privacy import find_cpr
from .uploads import check_upload

CPR_CODE = "cpr"
TEXT = _("Text")
CPR_MESSAGE = _(
    "The field “%(field)s” has not been saved because it seems to contain a CPR number; delete the number and save "
    "again – everything else you have written is kept."
)


def refuse_cpr(value: Any, label: str | Promise = TEXT) -> None:
    """Raise ValidationError, naming the field, if any text in `value` (also within lists and dictionaries) holds one."""
    if any(_holds_cpr(text) for text in texts_in(value)):
        raise ValidationError(CPR_MESSAGE, code=CPR_CODE, params={"field": capfirst(str(label))})


NAME_CODE = "child_name"
NAME_MESSAGE = _(
    "The field “%(field)s” has not been saved because it seems to name a child or a parent (“%(found)s”). Write “the "
    "boy”, “the mother” or “case A” instead, without name, initials or a place that tells who it is – everything else "
    "you have written is kept."
)


def refuse_names(value: Any, label: str | Promise = TEXT) -> None:
    """Raise ValidationError if a text seems to name a child or a parent; what was found is told to the writer alone."""
    for text in texts_in(value):
        if found := find_child_names(text):
            raise ValidationError(
                NAME_MESSAGE, code=NAME_CODE, params={"field": capfirst(str(label)), "found": found[0]}
            )


def _holds_cpr(text: str) -> bool:
    """Also where tags or entities stand between the digits."""
    return bool(find_cpr(text)) or (("<" in text or "&" in text) and bool(find_cpr(unescape(strip_tags(text)))))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a string, number, list, dictionary or StreamField value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts_in(key)
            yield from texts_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)
    elif hasattr(value, "get_prep_value"):  # a StreamField's value, or a block's
        yield from texts_in(value.get_prep_value())
    elif hasattr(value, "source"):  # rich text
        yield str(value.source)


class Guarded(models.Field):
    """What makes a field refuse a CPR number wherever it is cleaned: forms, services, commands."""

    def run_validators(self, value: Any) -> None:
        """The field's validators, then the guard."""
        super().run_validators(value)
        refuse_cpr(value, self.verbose_name)


class GuardedCharField(Guarded, models.CharField):
    """A line of free text."""


class GuardedTextField(Guarded, models.TextField):
    """Paragraphs of free text; `max_length` limits both form and model."""


class Nameless(Guarded):
    """What makes a field about casework refuse a child's or parent's name too, as far as patterns can tell."""

    def run_validators(self, value: Any) -> None:
        """The guard against CPR numbers first: its message never repeats what it found."""
        super().run_validators(value)
        refuse_names(value, self.verbose_name)


class NamelessCharField(Nameless, models.CharField):
    """A line about casework, without names of children and parents."""


class NamelessTextField(Nameless, models.TextField):
    """Paragraphs about casework, without names of children and parents."""


class GuardedJSONField(Guarded, models.JSONField):
    """Structured answers whose texts are guarded like any other."""


class GuardedFileField(models.FileField):
    """A private file; wherever it is cleaned, a new file's type, size, content and name are checked (see `uploads`)."""

    def run_validators(self, value: Any) -> None:
        """The field's validators, then the checks of a file that is not in the store yet."""
        super().run_validators(value)
        if value and not value._committed:
            check_upload(value.file, label=self.verbose_name)

    def formfield(self, **kwargs: Any) -> Any:
        """An UploadField."""
        from .forms import UploadField

        return super().formfield(**{"form_class": UploadField, **kwargs})


class GuardedText(models.Model):
    """A model whose text fields come from elsewhere (a page, a document of the CMS): guards all of them when cleaned."""

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a CPR number in any text, JSON or stream field."""
        super().clean()
        errors = {}
        for field in self._meta.concrete_fields:
            if not field.editable or not isinstance(field, (models.CharField, models.TextField, models.JSONField)):
                continue
            try:
                refuse_cpr(field.value_from_object(self), field.verbose_name)
            except ValidationError as error:
                errors[field.name] = error
        if errors:
            raise ValidationError(errors)
