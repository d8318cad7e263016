"""The page on which organisers change seats and their rules, after seeing who would move up."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from courses.runs.models import RunState
from courses.runs.views import RunMixin
from engagements.design.versions import StaleError
from engagements.design.writing import show_refusal
from engagements.lifecycle import MoveRefused

from . import organising
from .forms_organising import RULES, SeatsForm, ShareFormSet
from .models import Enrolment, EnrolmentState


def rehearsed(act: Callable[[], list[Enrolment]]) -> list[Enrolment]:
    """What the act would return; everything it did is taken back, and nobody is told."""
    with transaction.atomic():
        rows = act()
        transaction.set_rollback(True)
    return rows


class Seats(RunMixin, TemplateView):
    """Seats, shares and rules. Where somebody would move up, that is shown before it is done."""

    active_tab = "enrolment:seats"
    template_name = "courses/enrolment/seats.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As they are."""
        return self.show(SeatsForm(instance=self.run), self.shares())

    def shares(self, *args: Any) -> Any:
        """The shares of municipalities."""
        return ShareFormSet(*args, queryset=self.run.allotments.select_related("municipality"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Release now, one more share, or save; what makes people move up is shown before it is done."""
        if "release" in request.POST:
            return self.release()
        form, shares = SeatsForm(request.POST, instance=self.run), self.shares(request.POST)
        if "more" in request.POST:
            return self.show(form, shares.with_one_more, quiet=True)
        if not (form.is_valid() and shares.is_valid()):
            return self.show(form, shares, status=409 if form.conflict else 200)

        def act() -> list[Enrolment]:
            return organising.change_seats(
                self.run,
                version=form.expected_version or 0,
                by=request.user,  # type: ignore[arg-type]
                capacity=form.cleaned_data["capacity"],
                quota=form.cleaned_data["quota"],
                shares=[(share.municipality, share.at_most, share.reserved) for share in shares.kept()],
                at=self.arrived_at,
                **{name: form.cleaned_data[name] for name in RULES},
            )

        try:
            up = rehearsed(act)
            self.run.refresh_from_db()
            if up and request.POST.get("confirmed") != self.seen(up):
                return self.show(form, shares, up=up)
            up = act()
        except StaleError:
            form.note_conflict()
            return self.show(form, shares, status=409)
        except (ValidationError, MoveRefused) as refused:
            self.run.refresh_from_db()
            show_refusal(form, refused)
            return self.show(form, shares)
        return self.done(up)

    def seen(self, up: list[Enrolment]) -> str:
        """Names what a preview showed: what was typed, and who moves up; anything else is shown before it is done."""
        typed = sorted(
            (name, values)
            for name, values in self.request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "confirmed")
        )
        moving = [(row.pk, row.state) for row in up]
        return hashlib.sha256(json.dumps([typed, moving]).encode()).hexdigest()

    def release(self) -> HttpResponse:
        """Let unused seats go now."""

        def act() -> list[Enrolment]:
            return organising.release(self.run, by=self.request.user, at=self.arrived_at)  # type: ignore[arg-type]

        if "confirmed" not in self.request.POST:
            up = rehearsed(act)
            self.run.refresh_from_db()
            return self.show(SeatsForm(instance=self.run), self.shares(), up=up, releasing=True)
        return self.done(act())

    def done(self, up: list[Enrolment]) -> HttpResponse:
        """Say what came of it."""
        said = _("The seats and their rules are saved.")
        if up:
            moved = ngettext("%(n)s moved up from the waiting list.", "%(n)s moved up from the waiting list.", len(up))
            said = f"{said} {moved % {'n': len(up)}}"
        messages.success(self.request, said)
        return redirect(reverse("runs:edit", kwargs=self.run.address_args))

    def show(
        self,
        form: SeatsForm,
        shares: Any,
        *,
        up: list[Enrolment] | None = None,
        releasing: bool = False,
        quiet: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        """The page; `up` are those who would move up."""
        wrong = form.is_bound and not quiet and bool(form.errors or shares.total_error_count())
        waiting = self.run.enrolments.filter(state=EnrolmentState.WAITING).count()
        limited = self.run.quota or self.run.training_last or self.run.allotments.exists()
        context = self.get_context_data(
            form=None if quiet else form,
            seats_form=form,
            rows=shares,
            up=up,
            seen=self.seen(up) if up and not releasing else "",
            releasing=releasing,
            waiting=waiting,
            stay=max(0, waiting - len(up or [])),
            may_release=bool(limited and not self.run.released_at and self.run.state == RunState.PUBLISHED),
            page_has_errors=wrong,
        )
        return self.render_to_response(context, status=status)
