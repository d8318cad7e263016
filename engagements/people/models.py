"""Memberships of municipalities, staff, disqualification, invitations and work domains."""

from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField


class Role(models.TextChoices):
    """What a person is in a municipality (DESIGN section 3)."""

    LEADER = "leader", _("leader")
    COORDINATOR = "coordinator", _("coordinator")
    DIRECTOR = "director", _("director")
    DEPUTY = "deputy", _("director's deputy")
    CASEWORKER = "caseworker", _("caseworker")
    COUNCIL = "council", _("council member")
    SECRETARY = "secretary", _("committee secretary")
    CONTROLLER = "controller", _("controller")


WORKING_ROLES = frozenset({Role.LEADER, Role.COORDINATOR})
"""Those who write on the municipality's behalf."""
SIGNING_ROLES = frozenset({Role.DIRECTOR, Role.DEPUTY})
"""Those who sign for the municipality."""
CASEWORK_ROLES = frozenset({Role.LEADER, Role.COORDINATOR, Role.DIRECTOR, Role.DEPUTY, Role.CONTROLLER})
"""Those who follow an application or engagement in full."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def active(self, day: date | None = None) -> Self:
        """Approved and not ended on `day` (today)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=day), approved_at__isnull=False, user__is_active=True
        )

    def waiting(self) -> Self:
        """Asked for by the person, not yet approved by a leader."""
        return self.filter(approved_at__isnull=True, ended_on__isnull=True, user__is_active=True)

    def with_role(self, *roles: str) -> Self:
        """With one of these roles."""
        return self.filter(role__in=roles)


class Membership(models.Model):
    """A person's belonging to a municipality in one role; the title is the person's own words."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("person")
    )
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="memberships", verbose_name=_("municipality")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    title = GuardedCharField(_("title"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    ended_on = models.DateField(_("ended"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()
    recorded_acts = {
        "invited": _("Invited"),
        "approved": _("Approved"),
        "asked": _("Asked to join"),
        "declined": _("Not approved"),
        "ended": _("Membership ended"),
        "role_changed": _("Role changed"),
    }

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["municipality", "role", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "municipality", "role"],
                condition=Q(ended_on__isnull=True),
                name="one_open_membership_per_role",
                violation_error_message=_("The person already has this role in the municipality."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.municipality} ({self.get_role_display()})"

    def get_absolute_url(self) -> str:
        """The page on which those who manage people change it."""
        return reverse("people:membership", args=[self.municipality.code, self.pk])


class WorkDomain(models.Model):
    """A mail domain that belongs to a municipality; people with an address there may ask to join."""

    municipality = models.ForeignKey(
        "engagements.Municipality", models.CASCADE, related_name="work_domains", verbose_name=_("municipality")
    )
    domain = models.CharField(
        _("domain"),
        max_length=120,
        help_text=_("What stands after the @ in the municipality's addresses, such as korsbaek.example."),
        validators=[RegexValidator(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", _("Write the domain in small letters, without @."))],
    )

    class Meta:
        verbose_name = _("work domain")
        verbose_name_plural = _("work domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                Lower("domain"),
                name="work_domain_belongs_to_one",
                violation_error_message=_("This domain already belongs to a municipality."),
            )
        ]

    def __str__(self) -> str:
        return self.domain


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def open(self) -> Self:
        """Neither accepted nor withdrawn; they may have run out and can then be sent again."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


class Invitation(models.Model):
    """An invitation by mail to join a municipality in a role; the link ends in sign-in or sign-up with this address."""

    email = models.EmailField(_("e-mail address"))
    name = GuardedCharField(
        _("name"), max_length=300, blank=True, help_text=_("As the one who invites wrote it; the person may differ.")
    )
    municipality = models.ForeignKey(
        "engagements.Municipality", models.CASCADE, related_name="invitations", verbose_name=_("municipality")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    token = models.CharField(max_length=64, unique=True, editable=False)
    next_address = models.CharField(_("leads to"), max_length=300, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("sent"), auto_now_add=True)
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=0)
    last_sent_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "municipality",
                "role",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation",
                violation_error_message=_("This person has already been invited; the invitation can be sent again."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.municipality}"

    @property
    def is_open(self) -> bool:
        """Can be accepted now."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


class StaffProfile(models.Model):
    """A member of the Task Force's staff and the agency they come from."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_profile", verbose_name=_("person")
    )
    agency = models.ForeignKey("engagements.Agency", models.PROTECT, related_name="staff", verbose_name=_("agency"))
    title = GuardedCharField(_("title"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)


class Disqualification(models.Model):
    """A staff member who is *inhabil* for a municipality and sees nothing of it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="disqualifications",
        verbose_name=_("person"),
        limit_choices_to={"staff_profile__isnull": False},
    )
    municipality = models.ForeignKey(
        "engagements.Municipality", models.CASCADE, related_name="+", verbose_name=_("municipality")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("disqualification")
        verbose_name_plural = _("disqualifications")
        constraints = [
            models.UniqueConstraint(fields=["user", "municipality", "valid_from"], name="disqualified_once"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="disqualification_runs_forward",
                violation_error_message=_("The end must be after the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.municipality}"
