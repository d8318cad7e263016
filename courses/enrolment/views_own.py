"""One enrolment: its page, and what may become of it - approved, answered, cancelled, handed over, moved, split."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from courses.runs.models import Run
from courses.runs.standing import standing
from engagements.design.moves import MoveView
from engagements.lifecycle import Move, MoveRefused
from engagements.people.models import Role
from engagements.people.services import people_of

from . import permissions, services
from .arrivals import is_leading
from .explaining import explained, look_at, newest_traces, story
from .forms import CancelForm, SwapForm, TransferForm
from .models import Enrolment, EnrolmentState
from .policies import leaders_who_approve


class EnrolmentMixin(LoginRequiredMixin):
    """A page about an enrolment the reader may see."""

    request: HttpRequest
    enrolment: Enrolment

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.arrived_at = timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find it; a stranger to it gets 404."""
        if request.user.is_authenticated:
            self.enrolment = get_object_or_404(visible(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The enrolment and its run."""
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        run = self.enrolment.run
        return found | {
            "enrolment": self.enrolment,
            "run": run,
            "mine": self.enrolment.person_id == self.request.user.pk,
            "standing": standing(run, self.arrived_at),
        }


def visible(user: Any) -> QuerySet[Enrolment]:
    """The enrolments a user may see, with what their pages show."""
    rows = Enrolment.objects.visible_to(user)
    return rows.select_related("run__course", "person", "municipality", "party", "created_by", "moved_from").distinct()


class EnrolmentPage(EnrolmentMixin, TemplateView):
    """Where it stands, why, what awaits whom, what one may do, and what has happened."""

    template_name = "courses/enrolment/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also the line as it is now."""
        row, user, at = self.enrolment, self.request.user, self.arrived_at
        run = row.run
        look = look_at(run).get(row.pk) if row.state == EnrolmentState.WAITING else None
        chapters = story(row)
        newest = newest_traces([row]).get(row.pk)
        may_cancel = row.is_active and at < run.ends_at and permissions.may_cancel(row, user)
        group = row.party if row.party and row.party.together else None
        mates = list(group.members.active().exclude(pk=row.pk).select_related("person")) if group else []
        sees_answers = permissions.may_see_answers(row, user)
        return super().get_context_data(**kwargs) | {
            "why": explained(row, newest, look),
            "story": chapters,
            "awaiting": awaiting(row, user),
            "sessions": run.sessions.all(),
            "sees_link": row.state == EnrolmentState.SEATED and may_cancel,
            "may_cancel": may_cancel,
            "late": row.state == EnrolmentState.SEATED and at > run.cancel_until,
            "may_swap": permissions.may_hand_over(row, user)
            and may_cancel
            and row.state == EnrolmentState.SEATED
            and row.municipality_id is not None
            and at < run.starts_at,
            "may_transfer": may_cancel and bool(run.course_id) and at < run.starts_at,
            "mates": mates,
            "sees_reasons": permissions.may_answer(row, user),
            "may_split": bool(mates) and row.state == EnrolmentState.WAITING and may_cancel,
            "answers": list(row.answers.select_related("question")) if sees_answers else [],
        }


def awaiting(row: Enrolment, user: Any) -> str:
    """What awaits whom, by when; empty when nothing does."""
    if not row.answer_by:
        return ""
    facts = {"when": date_format(timezone.localtime(row.answer_by), "DATETIME_FORMAT"), "name": row.person}
    if row.state == EnrolmentState.REQUESTED:
        if permissions.may_approve(row, user):
            return _("Awaits you: approve or refuse no later than %(when)s.") % facts
        return _("Awaits a leader in the municipality, no later than %(when)s.") % facts
    if row.state == EnrolmentState.OFFERED:
        if row.person_id == user.pk:
            return _("Awaits you: take the seat or decline it no later than %(when)s.") % facts
        return _("Awaits %(name)s: the seat is kept until %(when)s.") % facts
    return ""


class EnrolmentMove(MoveView):
    """Approve, refuse, take an offered seat: the services see to the seats and to those who wait."""

    def get_queryset(self) -> QuerySet[Enrolment]:
        """Enrolments the user may see."""
        return visible(self.request.user)

    def perform(self, declared: Move, note: str) -> None:
        """Through the service of that move."""
        user: Any = self.request.user
        match declared.name:
            case "approve":
                services.approve(self.object, by=user, at=self.arrived_at)
            case "reject":
                services.reject(self.object, by=user, note=note, at=self.arrived_at)
            case "accept":
                services.accept_offer(self.object, by=user, at=self.arrived_at)
            case _:
                raise Http404


class ActPage(EnrolmentMixin, TemplateView):
    """A small form about an enrolment: `make_form` builds it, `save` does the act and says where to go."""

    template_name = "courses/enrolment/act.html"
    page_title = ""
    button = ""
    text = ""
    nothing: tuple[str, str] | None = None
    """Title and text of the page where there is nothing to choose."""

    def prepare(self) -> None:
        """What the page says; raise PermissionDenied for those who may look but not act."""
        if not permissions.may_cancel(self.enrolment, self.request.user):
            raise PermissionDenied

    def make_form(self, *args: Any) -> Any:
        """The form; None where there is nothing to fill in."""
        return None

    def save(self, form: Any) -> str:
        """Do it; returns the address of the next page."""
        raise Http404

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask."""
        self.prepare()
        return self.render_to_response(self.get_context_data(form=self.make_form()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Do it, or show the form again with everything that was typed."""
        self.prepare()
        form = self.make_form(request.POST)
        refused = ""
        if form is None or form.is_valid():
            try:
                return redirect(self.save(form))
            except (ValidationError, MoveRefused) as error:
                refused = " ".join(getattr(error, "messages", [str(error)]))
                self.enrolment = get_object_or_404(visible(request.user), pk=self.enrolment.pk)
                if form is not None:
                    form.add_error(None, refused)
        context = self.get_context_data(form=form, refused=refused)
        return self.render_to_response(context, status=409 if refused else 200)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Title, text and button."""
        return super().get_context_data(**kwargs) | {
            "page_title": self.page_title,
            "text": self.text,
            "button": self.button,
            "nothing": self.nothing,
        }


class Cancel(ActPage):
    """Cancel, or decline an offer; after the date with a reason."""

    def prepare(self) -> None:
        """What cancelling means now."""
        super().prepare()
        run, offered = self.enrolment.run, self.enrolment.state == EnrolmentState.OFFERED
        self.late = self.enrolment.state == EnrolmentState.SEATED and self.arrived_at > run.cancel_until
        self.page_title = self.button = _("Decline the seat") if offered else _("Cancel the enrolment")
        goes_on = self.enrolment.holds_seat and self.arrived_at < run.starts_at
        self.text = _("The seat goes to the next in line at once.") if goes_on else ""
        if self.late:
            day = date_format(timezone.localtime(run.cancel_until), "DATETIME_FORMAT")
            self.text = _("The date for cancelling was %(when)s. Write why, so that the organiser can plan.") % {
                "when": day
            }

    def make_form(self, *args: Any) -> CancelForm:
        """The reason."""
        return CancelForm(*args, late=self.late)

    def save(self, form: CancelForm) -> str:
        """Cancel; a second click changes nothing more."""
        user: Any = self.request.user
        services.cancel(self.enrolment, by=user, note=form.cleaned_data["note"], at=self.arrived_at)
        messages.success(self.request, _("The enrolment is cancelled."))
        return self.enrolment.get_absolute_url()


class Swap(ActPage):
    """Hand the seat over to a colleague."""

    def prepare(self) -> None:
        """For whoever has the seat, the own leader or coordinator, and the organiser."""
        if self.enrolment.municipality is None or not permissions.may_hand_over(self.enrolment, self.request.user):
            raise Http404
        self.page_title = _("Hand the seat over to a colleague")
        self.button = _("Hand over the seat")
        self.text = _("The colleague gets the seat at once, whatever the waiting list, and both of you are told.")
        row, user = self.enrolment, self.request.user
        if row.state != EnrolmentState.SEATED or self.arrived_at >= row.run.starts_at:
            self.nothing = (
                _("There is no seat to hand over now"),
                _("Only a seat can be handed over, and only until the run begins."),
            )
            return
        acts = permissions.acts_for_municipality(row, user) or permissions.may_organise(row.run, user)
        if not acts and leaders_who_approve(row.municipality).exists():
            self.nothing = (
                _("A leader hands the seat over"),
                _(
                    "In your municipality a leader approves enrolments: ask a leader or coordinator to hand the seat over."
                ),
            )

    def make_form(self, *args: Any) -> SwapForm:
        """Colleagues who are not on the run; members of the council are nobody's colleagues."""
        taken = self.enrolment.run.enrolments.active().values("person")
        employed = [role for role in Role if role != Role.COUNCIL]
        found = people_of(self.enrolment.municipality, *employed).exclude(pk__in=taken)  # type: ignore[arg-type]
        return SwapForm(*args, colleagues=found.order_by("first_name", "last_name", "email"))

    def save(self, form: SwapForm) -> str:
        """Hand it over."""
        user: Any = self.request.user
        new = services.swap(self.enrolment, form.cleaned_data["person"], by=user, at=self.arrived_at)
        messages.success(self.request, _("%(name)s has the seat now.") % {"name": new.person})
        seen = Enrolment.objects.visible_to(user).filter(pk=new.pk).exists()
        return (new if seen else self.enrolment).get_absolute_url()


class Transfer(ActPage):
    """Move to another run of the same course."""

    def prepare(self) -> None:
        """Other runs that take enrolments now."""
        super().prepare()
        left = self.enrolment.run
        if left.course_id is None:
            raise Http404
        self.page_title = _("Move to another run")
        self.button = _("Move")
        self.text = _("The present seat is kept unless there is one on the other run, or you choose to wait there.")
        runs = Run.objects.visible_to(self.request.user).published()
        runs = runs.filter(
            course=left.course_id,
            opens_at__lte=self.arrived_at,
            closes_at__gt=self.arrived_at,
            starts_at__gt=self.arrived_at,
        ).exclude(pk=left.pk)
        # Only where the person may go, whoever does the moving.
        self.runs = runs.filter(pk__in=Run.objects.visible_to(self.enrolment.person).values("pk"))
        if not is_leading(self.enrolment.person, self.enrolment.municipality_id):
            self.runs = self.runs.exclude(audience=Run.Audience.LEADERS)
        if not self.runs.exists():
            self.nothing = (
                _("There is no other run that takes enrolments now"),
                _("Show your interest on the page of the course, and we write when there is a new date."),
            )

    def make_form(self, *args: Any) -> TransferForm:
        """The runs with their dates and seats."""
        return TransferForm(*args, runs=self.runs.select_related("course"), label=label_of)

    def save(self, form: TransferForm) -> str:
        """Move."""
        user: Any = self.request.user
        given = form.cleaned_data
        new = services.transfer(self.enrolment, given["run"], by=user, wait=given["wait"], at=self.arrived_at)
        messages.success(self.request, _("The enrolment has been moved."))
        return new.get_absolute_url()


def label_of(run: Run) -> str:
    """The run in a choice: its first day, reference and seats."""
    day = date_format(timezone.localtime(run.starts_at), "DATETIME_FORMAT")
    return f"{day} ({run.reference}): {standing(run).label}"


class Split(ActPage):
    """A group no longer waits to sit together."""

    def prepare(self) -> None:
        """Only a group that asked to."""
        super().prepare()
        party = self.enrolment.party
        if party is None or not party.together:
            raise Http404
        self.party = party
        self.page_title = _("Split the group")
        self.button = _("Split the group")
        names = [str(row.person) for row in party.members.active().select_related("person")]
        self.text = _(
            "Each of you then waits alone, where the group stood, and those who can have a seat get it at once: %(names)s."
        ) % {"names": ", ".join(names)}

    def save(self, form: Any) -> str:
        """Split it."""
        user: Any = self.request.user
        services.split(self.party, by=user, at=self.arrived_at)
        messages.success(self.request, _("The group is split."))
        return self.enrolment.get_absolute_url()
