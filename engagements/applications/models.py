"""Applications and their way from draft to decision; what belongs to one is in `models_parts`."""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import MoveRefused, StateField, Step, transition
from engagements.people import permissions as who
from engagements.people.models import CASEWORK_ROLES
from engagements.programme.models import Engagement
from engagements.records import access
from engagements.records.fields import GuardedTextField
from engagements.records.models import Document, Versioned

from . import permissions, readiness
from .models_parts import Assessment, Attachment, Section, SignOff

__all__ = [
    "DECIDED",
    "EDITABLE",
    "ENDED",
    "IN_QUEUE",
    "Application",
    "Assessment",
    "Attachment",
    "Section",
    "SignOff",
    "State",
]


class State(models.TextChoices):
    """Where an application is."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    ASSESSMENT = "assessment", _("in assessment")
    MORE_INFORMATION = "more_information", _("more information requested")
    ACCEPTED = "accepted", _("accepted")
    WAITLISTED = "waitlisted", _("wait-listed")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


EDITABLE = frozenset({State.DRAFT, State.MORE_INFORMATION})
IN_QUEUE = frozenset({State.SUBMITTED, State.ASSESSMENT, State.MORE_INFORMATION, State.WAITLISTED})
ENDED = frozenset({State.ACCEPTED, State.DECLINED, State.WITHDRAWN})
DECIDED = frozenset({State.ACCEPTED, State.WAITLISTED, State.DECLINED})
SUPPLEMENT_DAYS = 14
"""Days the municipality has to answer a request for more information."""


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications."""

    def visible_to(self, user: Any) -> Self:
        """The municipality's own for its people; submitted ones for case staff, except where *inhabil*."""
        allowed = Q(municipality__in=who.municipalities_of(user, *CASEWORK_ROLES))
        if who.is_case_staff(user):
            allowed |= ~Q(state=State.DRAFT) & ~Q(submitted_at=None) & ~Q(municipality__in=who.disqualified_for(user))
        return self.filter(allowed)

    def in_queue(self) -> Self:
        """With the Task Force and not decided, oldest first."""
        return self.filter(state__in=IN_QUEUE).order_by("submitted_at")

    def with_standing(self) -> Self:
        """With what a list shows: sections complete, assessments complete in all and by each agency."""
        done = Assessment.objects.filter(application=OuterRef("pk"), completed_at__isnull=False)
        return self.annotate(
            sections_done=Count("sections", filter=Q(sections__complete=True), distinct=True),
            assessed=Count("assessments", filter=Q(assessments__completed_at__isnull=False), distinct=True),
            legal_done=Exists(done.filter(agency=Assessment.Agency.LEGAL)),
            social_done=Exists(done.filter(agency=Assessment.Agency.SOCIAL)),
        )

    def holding_a_place(self) -> Self:
        """Accepted: these use the round's places."""
        return self.filter(state=State.ACCEPTED)


class Application(Versioned):
    """A municipality's application in one round."""

    State = State

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    case_no = models.CharField(_("case no."), max_length=9, unique=True, null=True, blank=True)
    round = models.ForeignKey(
        "engagements.Round", models.PROTECT, related_name="applications", verbose_name=_("application round")
    )
    municipality = models.ForeignKey(
        "engagements.Municipality", models.PROTECT, related_name="applications", verbose_name=_("municipality")
    )
    state = StateField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("begun by")
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    subject_to_political_treatment = models.BooleanField(_("subject to political treatment"), default=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    reason = GuardedTextField(_("reason"), max_length=4000, blank=True)
    question = GuardedTextField(_("what is missing"), max_length=4000, blank=True)
    answer_due_on = models.DateField(_("supplement due"), null=True, blank=True)
    wait_position = models.PositiveSmallIntegerField(_("number on the waiting list"), null=True, blank=True)
    receipt = models.OneToOneField(
        "engagements.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receipt")
    )
    answer = models.OneToOneField(
        "engagements.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answer")
    )
    engagement = models.OneToOneField(
        "engagements.Engagement",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("engagement"),
    )

    objects = ApplicationQuerySet.as_manager()
    recorded_acts = {
        "begun": _("Application begun"),
        "section_saved": _("Section saved"),
        "colleague_invited": _("Colleague invited"),
        "attachment_added": _("Attachment added"),
        "attachment_removed": _("Attachment removed"),
        "sign_off_requested": _("Sign-off requested"),
        "signed_off": _("Signed off on the municipality's behalf"),
        "assessment_saved": _("Assessment saved"),
        "assessed": _("Assessment completed"),
    }

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "round"],
                condition=~Q(state__in=["withdrawn", "declined"]),
                name="one_application_per_round",
                violation_error_message=_("The municipality already has an application in this round."),
            ),
            models.UniqueConstraint(
                fields=["round", "wait_position"],
                condition=Q(wait_position__isnull=False),
                name="one_application_per_place_in_line",
                violation_error_message=_("Another application already has this number on the waiting list."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(state="withdrawn")
                | Q(case_no__isnull=False, submitted_at__isnull=False),
                name="submitted_application_has_case_number",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(engagement__isnull=False),
                name="accepted_application_has_engagement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.municipality}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse

        return reverse("applications:detail", args=[self.reference])

    def move_args(self, name: str) -> list[str]:
        """What the address of a move takes."""
        return [self.reference, name]

    @property
    def shown_number(self) -> str:
        """The case number as ministries print it, or the reference while there is none."""
        return self.case_no.replace("-", " - ") if self.case_no else self.reference

    @property
    def is_editable(self) -> bool:
        """Whether its sections may be changed."""
        return self.state in EDITABLE

    @property
    def is_decided(self) -> bool:
        """Whether the municipality has had its answer."""
        return self.state in DECIDED

    @property
    def place_in_line(self) -> int | None:
        """The place on the round's waiting list, counted now; None when not on it."""
        if self.state != State.WAITLISTED or self.wait_position is None:
            return None
        ahead = Application.objects.filter(
            round=self.round_id, state=State.WAITLISTED, wait_position__lt=self.wait_position
        )
        return ahead.count() + 1

    @transition(
        state,
        source=State.DRAFT,
        target=State.SUBMITTED,
        label=_("Submit the application"),
        done=_("The application has been submitted."),
        permission=permissions.may_submit,
        primary=True,
        hidden=True,
    )
    def submit(self, step: Step) -> None:
        """Arrive before the round's deadline, complete and signed off, and get a case number."""
        readiness.require_ready(self, at=step.at)
        from engagements.records.numbers import next_case_no

        self.case_no = next_case_no(step.at)
        self.submitted_at = step.at
        self.submitted_by = step.by

    @transition(
        state,
        source=State.SUBMITTED,
        target=State.ASSESSMENT,
        label=_("Start the assessment"),
        done=_("The assessment has begun."),
        permission=permissions.may_handle,
        primary=True,
    )
    def start_assessment(self, step: Step) -> None:
        """Staff take it from the queue; both agencies assess."""

    @transition(
        state,
        source=[State.SUBMITTED, State.ASSESSMENT],
        target=State.MORE_INFORMATION,
        label=_("Ask for more information"),
        done=_("More information has been requested."),
        permission=permissions.may_handle,
        note="required",
        note_label=_("What is missing"),
    )
    def ask_for_more(self, step: Step) -> None:
        """The municipality may edit its sections again, until a date."""
        self.question = step.note
        self.answer_due_on = timezone.localdate(step.at) + timedelta(days=SUPPLEMENT_DAYS)

    @transition(
        state,
        source=State.MORE_INFORMATION,
        target=State.ASSESSMENT,
        label=_("Send the supplement"),
        done=_("The supplement has been sent."),
        permission=permissions.may_edit,
        primary=True,
    )
    def send_supplement(self, step: Step) -> None:
        """The municipality has answered; the question stays as part of the story."""
        self.answer_due_on = None

    @transition(
        state,
        source=[State.ASSESSMENT, State.WAITLISTED],
        target=State.ACCEPTED,
        label=_("Accept the application"),
        done=_("The application is accepted and the engagement is open."),
        permission=permissions.may_decide,
        note="required",
        note_label=_("Reason"),
        primary=True,
        hidden=True,
    )
    def accept(self, step: Step) -> None:
        """The engagement that `services.decide` has opened becomes the application's own."""
        if self.engagement_id is None:
            raise MoveRefused(_("Accept the application on its decision page, where the engagement is opened."))
        self._decided(step)
        self.wait_position = None

    @transition(
        state,
        source=State.ASSESSMENT,
        target=State.WAITLISTED,
        label=_("Put on the waiting list"),
        done=_("The application is on the waiting list."),
        permission=permissions.may_decide,
        note="required",
        note_label=_("Reason"),
        hidden=True,
    )
    def waitlist(self, step: Step) -> None:
        """The round is full; the place in line is given by `services.decide`."""
        if self.wait_position is None:
            raise MoveRefused(_("Decide on the decision page, where the place in line is given."))
        self._decided(step)

    @transition(
        state,
        source=[State.ASSESSMENT, State.WAITLISTED],
        target=State.DECLINED,
        label=_("Decline the application"),
        done=_("The application is declined."),
        permission=permissions.may_decide,
        note="required",
        note_label=_("Reason"),
        hidden=True,
    )
    def decline(self, step: Step) -> None:
        """Not accepted, with the reason."""
        self._decided(step)
        self.wait_position = None

    @transition(
        state,
        source=[State.DRAFT, State.SUBMITTED, State.ASSESSMENT, State.MORE_INFORMATION, State.WAITLISTED],
        target=State.WITHDRAWN,
        label=_("Withdraw the application"),
        done=_("The application is withdrawn."),
        permission=permissions.may_withdraw,
        note="optional",
        note_label=_("Why"),
    )
    def withdraw(self, step: Step) -> None:
        """The municipality takes it back."""
        self.wait_position = None
        self.answer_due_on = None

    def _decided(self, step: Step) -> None:
        self.decided_at = step.at
        self.decided_by = step.by
        self.reason = step.note


access.register(
    Attachment, may_read=lambda file, user: Application.objects.visible_to(user).filter(pk=file.application_id).exists()
)


def _may_fetch_document(document: Document, user: Any) -> bool:
    """A document of an application's case, until the case has an engagement with rules of its own."""
    if document.internal or Engagement.objects.filter(case_no=document.case_no).exists():
        return False
    return Application.objects.visible_to(user).filter(case_no=document.case_no).exists()


access.register(Document, may_read=_may_fetch_document)
