"""The page for the elected council, released by the director and frozen when it is."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.lifecycle import StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES, Role
from engagements.records.fields import GuardedTextField
from engagements.records.models import Versioned

from . import permissions


class BriefingQuerySet(models.QuerySet["Briefing"]):
    """Briefings."""

    def visible_to(self, user: Any) -> Self:
        """The council's members once released; before that the municipality's leaders, the team and the lead."""
        from engagements.programme.models import Engagement

        full = Q(engagement__in=Engagement.objects.read_in_full_by(user).values("pk"))
        own = Q(engagement__municipality__in=who.municipalities_of(user, *CASEWORK_ROLES)) & ~Q(state="draft")
        released = Q(
            state="released", engagement__municipality__in=who.municipalities_of(user, Role.COUNCIL, Role.SECRETARY)
        )
        staff = Q(state="released") & ~Q(engagement__municipality__in=who.disqualified_for(user))
        allowed = own | released | (full if who.is_case_staff(user) else Q(pk__in=[]))
        return self.filter(allowed | staff if who.is_case_staff(user) else allowed)


class Briefing(Versioned):
    """One briefing of a council about an engagement; a new one follows when there is news."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a report", "draft")
        WITH_DIRECTOR = "with_director", _("with the director")
        RELEASED = "released", _("released to the council")

    engagement = models.ForeignKey("engagements.Engagement", models.PROTECT, related_name="briefings")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    state = StateField(_("state"), max_length=14, choices=State, default=State.DRAFT)
    status_text = GuardedTextField(_("status in words"), max_length=900)
    decision_asked = GuardedTextField(_("decision asked for"), max_length=600, blank=True)
    questions = GuardedTextField(
        _("questions to ask the head of the department"),
        max_length=1500,
        blank=True,
        help_text=_("One question a line, at most five."),
    )
    next_date = models.DateField(_("next briefing"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent to the director"), null=True, blank=True)
    release_by = models.DateField(_("released by itself on"), null=True, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    content = models.JSONField(_("frozen content"), default=dict, blank=True)

    objects = BriefingQuerySet.as_manager()
    recorded_acts = {"begun": _("Briefing begun"), "changed": _("Briefing changed")}

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ["-released_at", "-created_at"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="briefing_number_once")]

    def __str__(self) -> str:
        return f"{self.engagement.municipality} {self.number}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("briefings:one", args=[self.engagement.municipality.slug, self.pk])

    @property
    def facts(self) -> dict[str, Any]:
        """The frozen facts; while it is written, those of the moment."""
        from .content import freeze

        return self.content or freeze(self.engagement)

    @property
    def question_lines(self) -> list[str]:
        """The questions, one a line, at most five."""
        return [line.strip() for line in self.questions.splitlines() if line.strip()][:5]

    @transition(
        state,
        source=State.DRAFT,
        target=State.WITH_DIRECTOR,
        label=_("Send to the director"),
        done=_("The briefing is with the director."),
        permission=permissions.may_write,
        primary=True,
    )
    def send_to_director(self, step: Step) -> None:
        """The director reads it first; it is released by itself after ten working days."""
        from engagements.records.days import working_days_after

        from .content import freeze
        from .services import DAYS_WITH_DIRECTOR

        # A briefing returned with remarks keeps the maximum that began when it was first sent.
        self.sent_at = self.sent_at or step.at
        self.release_by = self.release_by or working_days_after(step.at, DAYS_WITH_DIRECTOR)
        self.content = freeze(self.engagement)

    @transition(
        state,
        source=State.WITH_DIRECTOR,
        target=State.RELEASED,
        label=_("Release to the council"),
        done=_("The briefing is released to the council."),
        permission=permissions.may_release,
        primary=True,
        system=False,
    )
    def release(self, step: Step) -> None:
        """The council may read it."""
        self.released_at = step.at
        self.released_by = step.by

    @transition(
        state,
        source=State.WITH_DIRECTOR,
        target=State.RELEASED,
        label=_("Release after the agreed time"),
        done=_("The briefing was released by itself after ten working days."),
        system=True,
    )
    def release_by_time(self, step: Step) -> None:
        """Nobody answered within the agreed maximum."""
        self.released_at = step.at

    @transition(
        state,
        source=State.WITH_DIRECTOR,
        target=State.DRAFT,
        label=_("Return with remarks"),
        done=_("The briefing is returned with remarks."),
        permission=permissions.may_release,
        note="required",
        note_label=_("Remarks"),
        help=_("The Task Force's team gets the remarks in a notice. The council does not see them."),
    )
    def send_back(self, step: Step) -> None:
        """The director has remarks to the facts; the agreed maximum keeps running from the first sending."""
