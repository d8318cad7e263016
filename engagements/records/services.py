"""What is done with documents."""

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from . import numbers
from .fields import refuse_cpr
from .models import Document
from .versions import sent_twice

if TYPE_CHECKING:
    from engagements.users.models import User


def sha256(content: bytes) -> str:
    """The checksum kept with a file."""
    return hashlib.sha256(content).hexdigest()


@transaction.atomic
def file_document(
    case_no: str,
    title: str,
    content: bytes | File,
    *,
    by: "User | None",
    internal: bool = False,
    direction: str = Document.Direction.MADE,
    name: str = "",
) -> Document:
    """Put a document on the case under the case's next number.

    `name` is the file's name (the uploaded file's own, or the title with `.pdf`). An uploaded file is expected to have
    passed `uploads.check_upload`; the same file sent twice within a minute is filed once. Raises ValidationError if
    the title is empty or holds a CPR number.
    """
    if not title.strip():
        raise ValidationError(_("Give the document a title."))
    refuse_cpr(title, _("title"))
    body = content if isinstance(content, bytes) else _read(content)
    own_name = "" if isinstance(content, bytes) else PurePath(content.name or "").name
    before = transaction.savepoint_create()
    number = numbers.next_document_no(case_no)  # from here on, nobody else files on this case
    same = {"title": title.strip(), "sha256": sha256(body), "created_by": by}
    if own_name and (twin := sent_twice(Document.objects.of_case(case_no), when="created_at", **same)):
        transaction.savepoint_rollback(before)
        return twin
    document = Document(case_no=case_no, number=number, direction=direction, internal=internal, **same)
    document.file.save(name or own_name or f"{slugify(title) or 'dokument'}.pdf", ContentFile(body), save=False)
    document.full_clean(exclude=["created_by"])
    document.save(force_insert=True)
    return document


def _read(file: File) -> bytes:
    file.seek(0)
    body: bytes = file.read()
    file.seek(0)
    return body
