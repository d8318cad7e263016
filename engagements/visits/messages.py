"""Who is told what about visits: receipts, invitations with a calendar file, reminders before and after."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move, reminder
from engagements.notices.services import notify
from engagements.people import permissions as who
from engagements.people.models import WORKING_ROLES
from engagements.people.services import people_of, staff
from engagements.programme.models import Milestone
from engagements.records.access import register as serve
from engagements.users.models import User

from . import calendar
from .models import LearningPoint, Preparation, Visit, VisitMaterial, VisitState
from .permissions import reads_in_full

serve(VisitMaterial, may_read=lambda material, user: reads_in_full(material.visit, user))


def municipality_people(visit: Visit) -> list[User]:
    """Those in the municipality who look after the visit."""
    return list(people_of(visit.municipality, *WORKING_ROLES))


def team_of(visit: Visit) -> list[User]:
    """Those who visit."""
    return [member.user for member in visit.team.select_related("user")]


def runners(visit: Visit) -> list[User]:
    """The learning team, without those *inhabil* for the municipality."""
    return list(staff(who.LEARNING, about=visit.municipality))


def everyone(visit: Visit) -> list[User]:
    """Both sides of a planned visit."""
    return list({user.pk: user for user in [*municipality_people(visit), *team_of(visit)]}.values())


def _facts(visit: Visit) -> dict[str, object]:
    return {
        "name": visit.municipality.full_name,
        "reference": visit.reference,
        "offer": visit.offer.title,
        "theme": visit.theme,
        "when": visit.when,
        "place": visit.place,
    }


def tell_requested(visit: Visit, *, given: bool, by: User) -> None:
    """The learning team hears of the request, the one who asked gets a receipt with the place in line."""
    place = Visit.objects.with_line().filter(pk=visit.pk).values_list("line", flat=True).get()
    notify(
        [user for user in runners(visit) if user.pk != by.pk],
        key=f"visit-requested:{visit.pk}",
        subject=lambda: _("%(name)s asks for a visit: %(theme)s") % _facts(visit),
        body=lambda: (
            _("The request %(reference)s is for “%(offer)s”. Read it and plan the visit.") % _facts(visit)
            if given
            else _("The request %(reference)s is for “%(offer)s” and is in line.") % _facts(visit)
        ),
        address=visit,
    )
    if not given:
        notify(
            [by],
            key=f"visit-in-line:{visit.pk}",
            subject=lambda: _("We have received the request for a visit (%(reference)s)") % _facts(visit),
            body=lambda: (
                _(
                    "The places of “%(offer)s” are given first come, first served. You are number %(place)s in line, and "
                    "we write when a place is free."
                )
                % {**_facts(visit), "place": place}
            ),
            address=visit,
        )


@on_move(Visit, "take_place", "accept")
def accepted(visit: Visit, step: Step) -> Iterator[Tell]:
    """The municipality has a place; when it came from the line, the learning team hears so too."""
    note = step.note
    yield Tell(
        municipality_people(visit),
        lambda: _("The visit of the learning team is accepted (%(reference)s)") % _facts(visit),
        lambda: "\n\n".join(
            filter(
                None,
                [
                    _(
                        "You have a place in “%(offer)s”. The learning team finds a time in the weeks you wished for, and "
                        "you get an invitation with the programme."
                    )
                    % _facts(visit),
                    note,
                ],
            )
        ),
        visit,
        also_actor=True,
    )
    if step.by is None:
        yield Tell(
            runners(visit),
            lambda: _("Plan the visit to %(name)s") % _facts(visit),
            lambda: _("%(name)s has got a place in “%(offer)s”: “%(theme)s”.") % _facts(visit),
            visit,
        )


@on_move(Visit, "plan")
def planned(visit: Visit, step: Step) -> Iterator[Tell]:
    """The invitation, with the calendar file, to both sides."""
    people = everyone(visit)
    yield Tell(
        people,
        lambda: _("Invitation: the learning team visits %(name)s") % _facts(visit),
        lambda: _invitation(visit),
        visit,
        attachment=calendar.as_file(visit, people),
        also_actor=True,
    )


def _invitation(visit: Visit) -> str:
    text = _("The visit takes place %(when)s, %(place)s. The theme is “%(theme)s”.") % _facts(visit)
    team = ", ".join(str(user) for user in team_of(visit))
    parts = [text, _("From the learning team: %(team)s.") % {"team": team}]
    if visit.programme:
        parts.append(f"{_('Programme')}:\n{visit.programme}")
    parts.append(_("What each side prepares, and by when, stands on the page of the visit."))
    return "\n\n".join(parts)


def tell_moved(visit: Visit, *, before: str, note: str, by: User) -> None:
    """The updated invitation: the calendar file replaces the one before it."""
    people = everyone(visit)
    notify(
        people,
        key=f"visit-moved:{visit.pk}:{visit.sequence}",
        subject=lambda: _("New time or place: the learning team visits %(name)s") % _facts(visit),
        body=lambda: "\n\n".join(
            filter(
                None,
                [
                    _("The visit now takes place %(when)s, %(place)s.") % _facts(visit),
                    _("Before: %(before)s.") % {"before": before},
                    note,
                ],
            )
        ),
        address=visit,
        attachment=calendar.as_file(visit, people),
    )


def tell_wish(visit: Visit, *, by: User) -> None:
    """The team and those who run visits hear that the municipality would like another time."""
    people = {user.pk: user for user in [*team_of(visit), *runners(visit)] if user.pk != by.pk}
    notify(
        list(people.values()),
        key=f"visit-wish:{visit.pk}:{visit.version}",
        subject=lambda: _("%(name)s asks for another time for the visit") % _facts(visit),
        body=lambda: "\n\n".join(
            [
                _("The visit is planned for %(when)s. Move it, or keep the time and say why.") % _facts(visit),
                visit.move_wish,
            ]
        ),
        address=visit,
    )


def tell_material(material: VisitMaterial, *, by: User) -> None:
    """The others hear that there is something to read; while no time is set, those who look after the visit."""
    visit = material.visit
    people = {user.pk: user for user in [*everyone(visit), *runners(visit)] if user.pk != by.pk}
    notify(
        list(people.values()),
        key=f"visit-material:{material.pk}",
        subject=lambda: _("New material for the visit to %(name)s") % _facts(visit),
        body=lambda: _("“%(title)s” stands on the page of the visit.") % {"title": material.title},
        address=visit,
    )


def tell_kept(visit: Visit, *, note: str) -> None:
    """The municipality hears that the time stands, and why."""
    notify(
        municipality_people(visit),
        key=f"visit-kept:{visit.pk}:{visit.version}",
        subject=lambda: _("The time of the visit is kept (%(reference)s)") % _facts(visit),
        body=lambda: "\n\n".join([_("The visit takes place %(when)s, %(place)s.") % _facts(visit), note]),
        address=visit,
    )


def tell_team_changed(visit: Visit, *, came: Iterable[User], left: list[User], by: User) -> None:
    """Those who come get the invitation, those who leave its withdrawal, the municipality the new names."""
    people = everyone(visit)
    event = f"visit-team:{visit.pk}:{visit.sequence}"
    notify(
        people,
        key=f"{event}:now",
        subject=lambda: _("New team: the learning team visits %(name)s") % _facts(visit),
        body=lambda: _invitation(visit),
        address=visit,
        attachment=calendar.as_file(visit, people),
    )
    if left:
        notify(
            left,
            key=f"{event}:left",
            subject=lambda: _("You are no longer on the visit to %(name)s") % _facts(visit),
            body=lambda: _("Others take over the visit %(when)s.") % _facts(visit),
            address=visit,
            attachment=calendar.as_file(visit, left, method=calendar.CANCEL),
        )


@on_move(Visit, "cancel")
def cancelled(visit: Visit, step: Step) -> Iterator[Tell]:
    """The other side reads the reason; a planned visit leaves the calendars."""
    people = [*everyone(visit), *runners(visit)]
    attachment = calendar.as_file(visit, people, method=calendar.CANCEL) if visit.starts_at else None
    yield Tell(
        people,
        lambda: _("The visit to %(name)s is cancelled (%(reference)s)") % _facts(visit),
        lambda: _("Reason: %(reason)s") % {"reason": step.note},
        visit,
        attachment=attachment,
        also_actor=attachment is not None,
    )


@on_move(Visit, "lapse")
def lapsed(visit: Visit, step: Step) -> Iterator[Tell]:
    """The season is over; the next one is open to all again."""
    yield Tell(
        municipality_people(visit),
        lambda: _("No place became free in “%(offer)s”") % _facts(visit),
        lambda: _(
            "The season has ended. You are welcome to ask for a visit in the next one; offers stand on the page."
        ),
        visit,
    )


@on_move(Visit, "hold")
def held(visit: Visit, step: Step) -> Iterator[Tell]:
    """The municipality gathers its learning points."""
    yield Tell(
        municipality_people(visit),
        lambda: _("Thank you for the visit (%(reference)s): write down what you take on") % _facts(visit),
        lambda: (
            _(
                "Write the learning points with an owner and a due date, and ask the participants to answer the evaluation "
                "by %(day)s. We look at it together again after three months."
            )
            % {"day": date_format(visit.evaluation_until) if visit.evaluation_until else ""}
        ),
        visit,
    )


@reminder
def preparation(day: date) -> Iterator[tuple[str, Tell]]:
    """A week before something is to be prepared, and once when it is late."""
    rows = Preparation.objects.filter(
        done_at=None, visit__state=VisitState.PLANNED, due_on__lte=day + timedelta(days=7)
    ).select_related("visit__municipality", "visit__offer")
    for row in rows:
        visit = row.visit
        people = municipality_people(visit) if row.side == Milestone.Side.MUNICIPALITY else team_of(visit)
        key = f"visit-preparation{'-late' if row.due_on < day else ''}:{row.pk}:{row.due_on}"
        facts = {"text": row.text, "day": date_format(row.due_on)}
        yield (
            key,
            Tell(
                people,
                lambda v=visit: _("Prepare the visit to %(name)s") % _facts(v),
                lambda f=facts: _("“%(text)s” is to be done by %(day)s.") % f,
                visit,
            ),
        )


@reminder
def not_registered(day: date) -> Iterator[tuple[str, Tell]]:
    """The visit was the other day, and nobody has registered it as held."""
    rows = Visit.objects.filter(state=VisitState.PLANNED, ends_at__lt=timezone.now() - timedelta(days=1))
    for visit in rows.select_related("municipality", "offer"):
        yield (
            f"visit-not-registered:{visit.pk}:{visit.sequence}",
            Tell(
                [*team_of(visit), *runners(visit)],
                lambda v=visit: _("Register the visit to %(name)s as held") % _facts(v),
                lambda v=visit: _("It was planned for %(when)s. Write how many came, or cancel it.") % _facts(v),
                visit,
            ),
        )


@reminder
def points(day: date) -> Iterator[tuple[str, Tell]]:
    """A week before a learning point is due."""
    rows = LearningPoint.objects.open().filter(due_on__lte=day + timedelta(days=7), visit__closed_at=None)
    for point in rows.select_related("visit__municipality", "visit__offer"):
        facts = {"text": point.text, "day": date_format(point.due_on)}
        yield (
            f"visit-point:{point.pk}:{point.due_on}",
            Tell(
                municipality_people(point.visit),
                lambda: _("A learning point is due"),
                lambda f=facts: _("“%(text)s” is to be done by %(day)s.") % f,
                point.visit,
            ),
        )


@reminder
def check(day: date) -> Iterator[tuple[str, Tell]]:
    """Three months after: both sides say what has come of it."""
    rows = Visit.objects.filter(state__in=[VisitState.HELD, VisitState.FOLLOWED_UP], check_on__lte=day)
    for visit in rows.select_related("municipality", "offer"):
        yield (
            f"visit-check:{visit.pk}",
            Tell(
                everyone(visit),
                lambda v=visit: _("What has come of the visit to %(name)s?") % _facts(v),
                lambda: _(
                    "Three months have passed. Look at the learning points together, and close the visit with a note."
                ),
                visit,
            ),
        )
