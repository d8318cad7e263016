"""Enrolling: the leader's minute, oneself with one click, and the receipt that says who is in, who waits and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from courses.runs.models import Run
from courses.runs.standing import standing
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.services import colleagues_of, people_of, person_by_mail
from engagements.users.models import User

from . import services
from .arrivals import LEADING, Refused, require_open
from .clashes import clashes_of
from .explaining import explained, look_at, newest_traces
from .forms import Coming, Mode, PeopleForm, QuestionsForm
from .models import Enrolment, EnrolmentState
from .permissions import may_organise


class RunMixin(LoginRequiredMixin):
    """A page about a run the reader may see; `arrived_at` is when the request came."""

    run: Run
    kwargs: dict[str, Any]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Note when the request arrived: enrolment closes to the second."""
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        self.arrived_at = timezone.now()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the run; a stranger to it gets 404."""
        if request.user.is_authenticated:
            runs = Run.objects.visible_to(request.user).select_related("course")
            self.run = get_object_or_404(runs, reference=kwargs["reference"])
            if not self.may_enter():
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def may_enter(self) -> bool:
        """Whether the page is for this person at all."""
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The run and where it stands."""
        found: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return found | {"run": self.run, "standing": standing(self.run, self.arrived_at)}


@dataclass(frozen=True)
class Line:
    """An enrolment with its place in line (0 where it does not wait) and why it is where it is."""

    enrolment: Enrolment
    place: int
    why: list[str]


def lines_of(run: Run, rows: Iterable[Enrolment]) -> list[Line]:
    """The enrolments of one run with place and reason, in few queries however many they are."""
    found = list(rows)
    traces = newest_traces(found)
    waits = any(row.state == EnrolmentState.WAITING for row in found)
    looks = look_at(run) if waits else {}
    lines = []
    for row in found:
        row.run = run
        look = looks.get(row.pk)
        lines.append(Line(row, look.place if look else 0, explained(row, traces.get(row.pk), look)))
    return lines


class Enrol(RunMixin, TemplateView):
    """Enrol colleagues, or oneself: who, and on a second step only what the run asks and double bookings."""

    template_name = "courses/enrolment/enrol.html"
    request: HttpRequest

    @cached_property
    def organises(self) -> bool:
        """Organisers may enrol people of any municipality."""
        return may_organise(self.run, self.request.user)

    @cached_property
    def homes(self) -> list[Municipality]:
        """Where people may be enrolled from: the reader's municipalities, those they work for first."""
        user = self.request.user
        if self.organises:
            return list(Municipality.objects.order_by("name"))
        found = Municipality.objects.filter(pk__in=who.municipalities_of(user))
        return sorted(found, key=lambda one: (not who.may_enrol_for(one, user), one.name))

    @cached_property
    def home(self) -> Municipality | None:
        """The one chosen; raises Http404 for one that is not the reader's."""
        code = self.request.POST.get("municipality") or self.request.GET.get("municipality")
        if code:
            chosen = next((one for one in self.homes if one.code == code), None)
            if chosen is None:
                raise Http404
            return chosen
        if self.organises and not who.municipalities_of(self.request.user):
            return None
        return self.homes[0] if self.homes else None

    @cached_property
    def enrols_others(self) -> bool:
        """Leaders and coordinators of the chosen municipality."""
        return self.home is not None and who.may_enrol_for(self.home, self.request.user)

    @cached_property
    def colleagues(self) -> list[User]:
        """Who can be ticked: oneself first."""
        user: Any = self.request.user
        if self.enrols_others and self.home:
            found = list(colleagues_of(user, self.home))
        elif self.organises and self.home:
            roles = LEADING if self.run.audience == Run.Audience.LEADERS else ()
            found = list(people_of(self.home, *roles).order_by("first_name", "last_name", "email"))
        else:
            found = [user]
        return sorted(found, key=lambda one: one.pk != user.pk)

    @cached_property
    def enrolled(self) -> dict[int, Enrolment]:
        """Those of them who are enrolled already."""
        rows = self.run.enrolments.active().filter(person__in=self.colleagues)
        return {row.person_id: row for row in rows}

    def people_form(self, *args: Any) -> PeopleForm:
        """Who comes."""
        user: Any = self.request.user
        return PeopleForm(
            *args, colleagues=self.colleagues, enrolled=self.enrolled, by=user, may_add=self.enrols_others
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or why one cannot enrol now."""
        return self._page(self.people_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Enrol, after the second step where there is one; what was typed is kept whatever happens."""
        form = self.people_form(request.POST)
        answered = request.POST.get("step") == "answers"
        valid = form.is_valid()
        coming = form.coming if valid else []
        questions = list(self.run.questions.all())
        clashing = self._clashes(coming)
        more: QuestionsForm | None = None
        if answered or questions or clashing:
            posted = request.POST if answered else None
            more = QuestionsForm(posted, questions=questions, coming=coming, clashing=bool(clashing))
        try:
            require_open(self.run, self.arrived_at)
        except Refused as refused:
            form.add_error(None, refused)
            return self._page(form, status=409)
        if not valid:
            return self._page(form, more if answered else None)
        if more is not None and more.fields and not (answered and more.is_valid()):
            return self._page(form, more, clashing, step="answers")
        return self._enrol(form, more, clashing)

    def _clashes(self, coming: Iterable[Coming]) -> dict[int, list[Enrolment]]:
        people = [one.user for one in coming if one.user is not None]
        found = clashes_of(people, self.run) if people else {}
        seen = Enrolment.objects.visible_to(self.request.user)
        known = set(
            seen.filter(pk__in=[row.pk for rows in found.values() for row in rows]).values_list("pk", flat=True)
        )
        kept = {pk: [row for row in rows if row.pk in known] for pk, rows in found.items()}
        return {pk: rows for pk, rows in kept.items() if rows}

    def _enrol(self, form: PeopleForm, more: QuestionsForm | None, clashing: Any) -> HttpResponse:
        user: Any = self.request.user
        mode = form.cleaned_data["mode"] or Mode.QUEUE
        users: dict[str, User] = {}
        line: int | None = None
        try:
            with transaction.atomic():
                for one in form.coming:
                    line = one.line if one.user is None else None
                    users[one.key] = one.user or self._invited(one)
                line = None
                rows = services.enrol(
                    self.run,
                    list(users.values()),
                    by=user,
                    municipality=self.home,
                    together=mode == Mode.TOGETHER,
                    fewer=mode == Mode.FEWER,
                    in_training=[users[one.key] for one in form.coming if one.in_training],
                    answers=more.answers(users) if more else None,
                    at=self.arrived_at,
                )
        except ValidationError as error:
            form.add_error(None if line is None else f"email_{line}", " ".join(error.messages))
            return self._page(form, more, clashing, status=409)
        return self._receipt(form.coming, users, rows)

    def _invited(self, one: Coming) -> User:
        if self.home is None or not self.enrols_others:
            raise Http404
        user: Any = self.request.user
        return person_by_mail(
            email=one.email,
            name=one.name,
            municipality=self.home,
            by=user,
            next_address=reverse("courses:run", kwargs=self.run.address_args),
        )

    def _receipt(self, coming: list[Coming], users: dict[str, User], rows: list[Enrolment]) -> HttpResponse:
        got = {row.person_id for row in rows}
        left = [one.name for one in coming if users[one.key].pk not in got]
        if left:
            words = {"names": ", ".join(left)}
            messages.warning(self.request, _("Not enrolled, because there was no seat now: %(names)s.") % words)
        if rows:
            messages.success(self.request, in_words(rows))
        if len(rows) == 1 and rows[0].person_id == self.request.user.pk and not left:
            return redirect(rows[0])
        address = reverse("enrolment:ours", kwargs=self.run.address_args)
        return redirect(f"{address}?new={','.join(str(row.pk) for row in rows)}" if rows else address)

    def _page(
        self,
        form: PeopleForm,
        more: QuestionsForm | None = None,
        clashing: dict[int, list[Enrolment]] | None = None,
        *,
        step: str = "people",
        status: int = 200,
    ) -> HttpResponse:
        try:
            require_open(self.run, self.arrived_at)
            refusal = ""
        except Refused as refused:
            refusal = " ".join(refused.messages)
        context = self.get_context_data(
            form=form,
            more=more,
            refusal=refusal,
            clashing=[row for rows in (clashing or {}).values() for row in rows],
            step=step,
            homes=self.homes,
            home=self.home,
            enrols_others=self.enrols_others,
            enrolled=self.enrolled,
            page_has_errors=bool(form.errors or (more and more.errors)),
            own=self.enrolled.get(self.request.user.pk or 0),
        )
        return self.render_to_response(context, status=status)


def in_words(rows: list[Enrolment]) -> str:
    """How many are in, wait and await approval, in one line."""
    count = {state: sum(row.state == state for row in rows) for state in EnrolmentState}
    parts = []
    if seated := count[EnrolmentState.SEATED]:
        parts.append(ngettext("%(n)s has a seat.", "%(n)s have a seat.", seated) % {"n": seated})
    if waits := count[EnrolmentState.WAITING]:
        parts.append(ngettext("%(n)s is on the waiting list.", "%(n)s are on the waiting list.", waits) % {"n": waits})
    if asks := count[EnrolmentState.REQUESTED]:
        parts.append(ngettext("%(n)s awaits approval.", "%(n)s await approval.", asks) % {"n": asks})
    return " ".join(parts)


class Ours(RunMixin, TemplateView):
    """Who of us is on the run, who waits with which place, and why: also the receipt of an enrolment."""

    template_name = "courses/enrolment/ours.html"
    request: HttpRequest

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Those just enrolled first."""
        user = self.request.user
        mine = Q(municipality__in=who.municipalities_of(user)) | Q(person=user.pk) | Q(created_by=user.pk)
        rows = Enrolment.objects.visible_to(user).filter(mine, run=self.run).active()
        lines = lines_of(self.run, rows.select_related("person", "municipality", "party").distinct())
        new = {int(pk) for pk in self.request.GET.get("new", "").split(",") if pk.isascii() and pk.isdigit()}
        lines.sort(key=lambda line: (line.enrolment.state != EnrolmentState.SEATED, line.place, line.enrolment.pk))
        return super().get_context_data(**kwargs) | {
            "new": [line for line in lines if line.enrolment.pk in new],
            "others": [line for line in lines if line.enrolment.pk not in new],
            "may_enrol": standing(self.run, self.arrived_at).takes_enrolments,
        }
