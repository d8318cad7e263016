"""The 98 municipalities, their regions by date, neighbours, units and partnerships; agencies with names by date."""

from datetime import date
from typing import Self
from unicodedata import normalize

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField


class Dated(models.Model):
    """A fact with a period: from `valid_from`, up to but not including `valid_until` (None: until further notice)."""

    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class DatedQuerySet[T: Dated](models.QuerySet[T]):
    """Facts by date."""

    def on(self, day: date | None = None) -> Self:
        """Those valid on `day` (today)."""
        day = day or timezone.localdate()
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), valid_from__lte=day)


class Region(models.Model):
    """A region; Hovedstaden and Sjælland become Østdanmark on 2027-01-01 (lov 699 of 20.06.2025, § 126)."""

    code = models.CharField(
        _("code"),
        max_length=4,
        unique=True,
        null=True,
        blank=True,
        help_text=_("As in the official register; empty until it is known."),
    )
    name = GuardedCharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Municipalities."""

    def real(self) -> Self:
        """The 98, without the fictional ones of the demonstration."""
        return self.filter(is_fictional=False)

    def fictional(self) -> Self:
        """The fictional ones of the demonstration."""
        return self.filter(is_fictional=True)

    def in_region(self, region: Region, day: date | None = None) -> Self:
        """Those that belong to the region on `day` (today)."""
        return self.filter(pk__in=RegionPeriod.objects.on(day).filter(region=region).values("municipality"))

    def with_regions(self) -> Self:
        """Fetch the regions with the municipalities, so that `region_on` asks the database no more."""
        return self.prefetch_related("region_periods__region")

    def search(self, text: str) -> Self:
        """By name or code: finds Aarhus and Århus, Ærø in any letter case, with or without *Kommune*, on any database."""
        wanted = fold(text).removesuffix(" kommune").removesuffix("kommune").strip()
        if not wanted:
            return self
        if wanted.isdecimal():
            return self.filter(code__startswith=wanted)
        if len(wanted) == 1:
            return self.filter(folded_name__startswith=wanted)
        return self.filter(folded_name__contains=wanted)


class Municipality(models.Model):
    """A municipality."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = GuardedCharField(_("name"), max_length=60)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    folded_name = models.CharField(_("name for search and sorting"), max_length=80, db_index=True, editable=False)
    council_name = GuardedCharField(_("name of the council"), max_length=60, default="kommunalbestyrelsen")
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    area_km2 = models.DecimalField(_("area in km²"), max_digits=7, decimal_places=1, null=True, blank=True)
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of the count"), null=True, blank=True)
    neighbours = models.ManyToManyField("self", verbose_name=_("neighbours"), blank=True)
    nearest_by_sea = models.ManyToManyField(
        "self", verbose_name=_("nearest by sea"), blank=True, symmetrical=False, related_name="islands_near"
    )
    tile_column = models.PositiveSmallIntegerField(_("column on the tile map"))
    tile_row = models.PositiveSmallIntegerField(_("row on the tile map"))
    is_fictional = models.BooleanField(_("fictional (demonstration)"), default=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["folded_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tile_column", "tile_row"],
                name="one_municipality_per_tile",
                violation_error_message=_("Another municipality already has this tile."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{4}$"),
                name="municipality_code_of_four_digits",
                violation_error_message=_("A municipality code has four digits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """`Korsbæk Kommune`, as the municipality signs."""
        return f"{self.name} Kommune"

    def region_on(self, day: date | None = None) -> Region | None:
        """The region it belongs to on `day` (today); None for a municipality without one."""
        day = day or timezone.localdate()
        for period in self.region_periods.all():
            if period.valid_from <= day and (period.valid_until is None or period.valid_until > day):
                return period.region
        return None

    @property
    def compared_with(self) -> list["Municipality"]:
        """Its neighbours; for an island without any, the nearest by sea."""
        return list(self.neighbours.all()) or list(self.nearest_by_sea.all())

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded name in step with the name."""
        self.folded_name = fold(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


def fold(text: str) -> str:
    """Danish text for sorting and search on any database: lower case, æ ø å (aa) after z."""
    return (
        normalize("NFC", text)
        .lower()
        .replace("aa", "å")
        .replace("æ", "zza")
        .replace("ø", "zzb")
        .replace("å", "zzc")
        .strip()
    )


class RegionPeriod(Dated):
    """Which region a municipality belongs to, by date."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="region_periods")
    region = models.ForeignKey(Region, models.PROTECT, related_name="periods", verbose_name=_("region"))
    source = GuardedCharField(_("source"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("region by date")
        verbose_name_plural = _("regions by date")
        ordering = ["municipality", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "valid_from"], name="one_region_at_a_time"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="region_period_runs_forward",
                violation_error_message=_("The end must be after the beginning."),
            ),
        ]


class Unit(models.Model):
    """An organisational unit inside a large city, such as a centre with its own caseworkers."""

    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="units", verbose_name=_("municipality"))
    name = GuardedCharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["municipality", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "name"],
                name="unit_name_once_per_municipality",
                violation_error_message=_("The municipality already has a unit with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Partnership(Dated):
    """A task that one municipality runs for another, or that several share."""

    responsible = models.ForeignKey(
        Municipality, models.CASCADE, related_name="served_by", verbose_name=_("responsible municipality")
    )
    operator = models.ForeignKey(
        Municipality, models.CASCADE, related_name="serves", verbose_name=_("operating municipality")
    )
    task = GuardedCharField(_("task"), max_length=160)
    source = GuardedCharField(_("source"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ["responsible", "task", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(responsible=F("operator")),
                name="partnership_between_two",
                violation_error_message=_("A partnership is between two municipalities."),
            ),
            models.UniqueConstraint(
                fields=["responsible", "operator", "task", "valid_from"], name="partnership_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.responsible} – {self.operator}"


class Agency(models.Model):
    """A state body or association; its name changes over time, its key does not."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("agency, legal side")
        SOCIAL = "social", _("agency, social-professional side")
        MINISTRY = "ministry", _("ministry")
        ASSOCIATION = "association", _("association")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("agency or ministry")
        verbose_name_plural = _("agencies and ministries")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name_on()

    def name_on(self, day: date | None = None) -> str:
        """The name in use on `day` (today); the key if no name covers it."""
        day = day or timezone.localdate()
        names = [
            name
            for name in self.names.all()
            if name.valid_from <= day and (name.valid_until is None or name.valid_until > day)
        ]
        return names[0].name if names else self.key


class AgencyName(Dated):
    """What an agency or ministry was called, by date."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="names")
    name = GuardedCharField(_("name"), max_length=120)
    source = GuardedCharField(_("source"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("name by date")
        verbose_name_plural = _("names by date")
        ordering = ["agency", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["agency", "valid_from"], name="one_agency_name_at_a_time")]

    def __str__(self) -> str:
        return self.name
