"""The CMS's own uploads under the same rules as everyone's: type by content, size, and no CPR number anywhere."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from engagements.records.fields import refuse_cpr
from engagements.records.uploads import check_upload


class CheckedUpload:
    """Mixin: the file is checked when it is new, the texts always."""

    def clean(self) -> dict[str, Any]:
        """Refuse what may not be kept, naming the field."""
        cleaned: dict[str, Any] = super().clean()  # type: ignore[misc]
        for name, value in list(cleaned.items()):
            field = self.fields[name]  # type: ignore[attr-defined]
            try:
                if name == "file" and "file" in self.changed_data and value:  # type: ignore[attr-defined]
                    check_upload(value, label=field.label)
                elif isinstance(value, (str, list, tuple)):
                    refuse_cpr(value, field.label)
            except ValidationError as refused:
                self.add_error(name, refused)  # type: ignore[attr-defined]
        return cleaned


class DocumentForm(CheckedUpload, BaseDocumentForm):
    """`WAGTAILDOCS_DOCUMENT_FORM_BASE`."""


class ImageForm(CheckedUpload, BaseImageForm):
    """`WAGTAILIMAGES_IMAGE_FORM_BASE`; a picture without a description is not for everyone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "description" in self.fields:
            self.fields["description"].required = True
