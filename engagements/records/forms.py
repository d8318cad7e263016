"""The form field for files: each is checked before it is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .uploads import ACCEPT, check_upload, limit_in_mb

HELP = format_lazy(
    _("PDF, Word, Excel, PowerPoint, OpenDocument, picture or text; at most {limit} MB."), limit=limit_in_mb()
)


class UploadField(forms.FileField):
    """A file from a person: type by content, size, zip bombs, scripts, and CPR numbers in name and text."""

    default_error_messages = {
        "empty": _("The file is empty; choose another, or save it again in the program it comes from."),
        "max_length": _("The file's name is too long (at most %(max)d characters); give it a shorter one."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("help_text", HELP)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Let the browser offer the right files first."""
        return super().widget_attrs(widget) | {"accept": ACCEPT}

    def to_python(self, value: Any) -> Any:
        """The file, checked."""
        file = super().to_python(value)
        if isinstance(file, UploadedFile):
            check_upload(file, label=self.label or _("File"))
        elif file is not None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return file
