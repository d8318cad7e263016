"""What the site keeps about its pages: words that mean the same, links that lead nowhere, and how new the pages are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from engagements.records.fields import GuardedCharField


class Synonym(models.Model):
    """Words that the search takes for each other."""

    words = GuardedCharField(
        _("words that mean the same"), max_length=300, unique=True, help_text=_("Parted by commas; two or more.")
    )

    panels = [FieldPanel("words")]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Two words at least, each a single word."""
        super().clean()
        if len(self.as_list()) < 2:
            raise ValidationError({"words": _("Write at least two words with a comma between them.")})
        if any(" " in word for word in self.as_list()):
            raise ValidationError({"words": _("Write single words, without spaces in them.")})

    def as_list(self) -> list[str]:
        """The words in lower case, each once."""
        return list(dict.fromkeys(word.strip().lower() for word in self.words.split(",") if word.strip()))


class BrokenLink(models.Model):
    """A link on a page that led nowhere when it was last tried."""

    class Kind(models.TextChoices):
        """Where it should lead."""

        INTERNAL = "internal", _("on this site")
        EXTERNAL = "external", _("elsewhere")

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="broken_links", verbose_name=_("page"))
    address = models.CharField(_("address"), max_length=2000)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    answer = models.CharField(_("answer"), max_length=60)
    found_on = models.DateField(_("dead since"))
    tried_on = models.DateField(_("last tried"))

    class Meta:
        verbose_name = _("dead link")
        verbose_name_plural = _("dead links")
        constraints = [models.UniqueConstraint(fields=["page", "address"], name="broken_link_once_a_page")]

    def __str__(self) -> str:
        return self.address


class Edition(models.Model):
    """One row whose number grows with every change of what visitors are shown; what was made of an older one is not used."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        verbose_name = _("edition of the site")
        verbose_name_plural = _("editions of the site")

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def now(cls) -> int:
        """The number as the database has it; asked at every visit, so by hand."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT number FROM cms_edition WHERE id = 1")
            row = cursor.fetchone()
        return row[0] if row else 0

    @classmethod
    def bump(cls, **_kwargs: Any) -> None:
        """From now on everything is newer."""
        if not cls.objects.filter(pk=1).update(number=F("number") + 1):
            cls.objects.create(pk=1)


def edition_of(request: HttpRequest) -> int:
    """The number at the beginning of this visit, read once."""
    found: int | None = getattr(request, "edition", None)
    if found is None:
        found = request.edition = Edition.now()  # type: ignore[attr-defined]
    return found
