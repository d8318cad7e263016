"""The page of a run: what, when, where, the seats and their rules, and what the reader has to do with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import TemplateView

from courses.enrolment.explaining import explained, look_at, newest_traces
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.runs.models import Run, Session
from courses.runs.permissions import is_teacher, may_organise
from courses.runs.standing import standing
from courses.runs.tabs import tabs_of
from courses.runs.words import rules_in_words
from engagements.municipalities.models import Municipality
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES
from engagements.records.access import address

from .shown import places as places_of


class RunPage(TemplateView):
    """Public for published runs; signed in, the page knows the own enrolment and the own municipality."""

    template_name = "courses/pages/run.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Find the run by its reference; an address with another course leads to the right one."""
        self.arrived_at = timezone.now()
        runs = Run.objects.visible_to(request.user).select_related("course")
        self.run = get_object_or_404(
            runs.prefetch_related("sessions", "teachers", "allotments__municipality"), reference=kwargs["reference"]
        )
        if kwargs["slug"] != self.run.address_args["slug"]:
            return redirect(self.run)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gathered in few queries, however many are enrolled."""
        run, user = self.run, self.request.user
        at = self.arrived_at
        stands = standing(run, at)
        context = super().get_context_data(**kwargs) | {
            "run": run,
            "standing": stands,
            "sessions": list(run.sessions.all()),
            "where": places_of(run),
            "teachers": list(run.teachers.all()),
            "rules": rules_in_words(run),
            "over": at >= run.ends_at,
        }
        return context | (self._signed_in(stands) if user.is_authenticated else {})

    def _signed_in(self, stands: Any) -> dict[str, Any]:
        run, user = self.run, self.request.user
        own = run.enrolments.filter(person=user.pk).order_by("pk").last()
        if own is not None:
            own.run = run
        holds = may_organise(run, user) or is_teacher(run, user)
        seated = own is not None and own.state == EnrolmentState.SEATED
        us = self._us()
        working = [
            one.municipality_id for one in us if one.municipality_id and who.works_for(user, one.municipality_id)
        ]
        may_enrol_others = bool(who.municipalities_of(user, *WORKING_ROLES)) or may_organise(run, user)
        return {
            "own": own if own is not None and (own.is_active or seated) else None,
            "ended": own if own is not None and not own.is_active else None,
            "own_why": self._why(own),
            "sees_links": seated or holds,
            "holds": holds,
            "desk": self._desk() if may_organise(run, user) else [],
            "organises": may_organise(run, user),
            "us": [one for one in us if one.municipality_id in working],
            "shares": self._shares(us),
            "material": self._material() if seated or holds else [],
            "may_enrol": stands.takes_enrolments,
            "may_enrol_others": may_enrol_others,
            "member": bool(who.municipalities_of(user)) or who.is_task_force(user) or who.is_host(user),
        }

    def _desk(self) -> list[tuple[Any, str]]:
        """The organiser's pages of the run."""
        return [(tab.label, tab.url) for tab in tabs_of(self.run, "") if "deltagere" not in tab.url]

    def _us(self) -> list[Enrolment]:
        """Everyone of the reader's municipalities who is on the run now."""
        homes = who.municipalities_of(self.request.user)
        rows = self.run.enrolments.active().filter(municipality__in=homes) if homes else Enrolment.objects.none()
        return list(rows.select_related("person", "municipality").order_by("state", "pk"))

    def _why(self, own: Enrolment | None) -> list[str]:
        if own is None or not own.is_active:
            return []
        look = look_at(self.run).get(own.pk) if own.state == EnrolmentState.WAITING else None
        return explained(own, newest_traces([own]).get(own.pk), look)

    def _shares(self, us: list[Enrolment]) -> list[dict[str, Any]]:
        """How many seats each of the reader's municipalities has and may have."""
        run, released = self.run, self.run.is_released(self.arrived_at)
        shares = {one.municipality_id: one for one in run.allotments.all()}
        found = []
        named = {one.municipality.pk: one.municipality for one in us if one.municipality}
        homes = who.municipalities_of(self.request.user)
        missing = [pk for pk in homes if pk not in named]
        if missing and (run.quota or shares) and not released:
            named |= Municipality.objects.in_bulk(missing)
        for pk, municipality in named.items():
            share = shares.get(pk)
            most = run.quota if share is None or share.at_most is None else share.at_most
            rows = [one for one in us if one.municipality_id == pk]
            found.append(
                {
                    "municipality": municipality,
                    "used": sum(one.holds_seat for one in rows),
                    "waiting": sum(one.state == EnrolmentState.WAITING for one in rows),
                    "most": None if released else most,
                    "reserved": 0 if released or share is None else share.reserved,
                }
            )
        return found

    def _material(self) -> list[tuple[Session | None, list[tuple[Any, str]]]]:
        """Material of the run, by session, and of the course."""
        run = self.run
        rows: list[Any] = list(run.material.all())
        if run.course is not None:
            rows += list(run.course.material.all())
        groups: dict[int | None, list[tuple[Any, str]]] = {}
        for one in rows:
            found = (one, address(one) if one.file else one.link)
            groups.setdefault(getattr(one, "session_id", None), []).append(found)
        sessions: list[Session | None] = [None, *run.sessions.all()]
        return [(one, groups[one.pk if one else None]) for one in sessions if (one.pk if one else None) in groups]
