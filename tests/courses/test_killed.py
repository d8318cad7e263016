"""Web and worker processes killed in the middle of enrolling and sending: nothing is lost, doubled or half done."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F

from courses.enrolment.models import Trace
from courses.models import Run
from engagements.models import Notice, OutboxMessage
from engagements.notices.outbox import ABANDONED_AFTER
from tests import factories as f
from tests.rounds import rounds

from .crowd import crowd
from .killing import enrolling, finished, killed, sending

SEATS, PEOPLE = 10, 30
State = OutboxMessage.State


@pytest.mark.soak
def test_what_is_killed_at_any_point_leaves_whole_enrolments_and_no_mail_twice(database: str, tmp_path: Path) -> None:
    chance = random.Random(1)
    mails = tmp_path / "mails"
    mails.touch()
    place = {"database": database, "mails": str(mails)}
    people = [person.pk for person in crowd(PEOPLE)]
    run = f.RunFactory(capacity=SEATS)
    for number in range(rounds(soak=200)):
        if number % 10 == 9:
            run = f.RunFactory(capacity=SEATS)
        if number % 2:
            killed(sending, chance=chance, **place)
        else:
            killed(enrolling, run.pk, chance.sample(people, PEOPLE), chance=chance, **place)
        whole(run)
        none_twice(mails)
    finished(enrolling, run.pk, people, **place)
    run.refresh_from_db()
    assert run.taken == SEATS
    assert run.enrolments.active().count() == PEOPLE
    whole(run)
    everything_is_sent_or_shown(mails, place)


def whole(run: Run) -> None:
    """Never too many, and each enrolment with its reason, notice and mail."""
    rows = list(run.enrolments.order_by("pk"))
    held = sum(row.holds_seat for row in rows)
    assert held == Run.objects.get(pk=run.pk).taken <= run.capacity
    traces = Trace.objects.filter(enrolment__run=run).values_list("enrolment", "state")
    assert sorted(traces) == [(row.pk, row.state) for row in rows]
    told = set(Notice.objects.filter(key__startswith="enrolment:").values_list("recipient", "key"))
    assert {(row.person_id, f"enrolment:{row.pk}:{row.state}") for row in rows} <= told
    assert Notice.objects.filter(mail=None).count() == 0


def none_twice(mails: Path) -> None:
    """Each mail that left has a row of the outbox to itself, and left once."""
    left = Counter(line.split()[0] for line in mails.read_text().splitlines())
    assert all(times == 1 for times in left.values())
    known = {
        f"<{pk}@taskforce.example>": state for pk, state in OutboxMessage.objects.values_list("message_id", "state")
    }
    assert set(left) <= set(known)
    assert {pk for pk, state in known.items() if state == State.SENT} <= set(left)
    assert not {pk for pk, state in known.items() if state == State.WAITING} & set(left)


def everything_is_sent_or_shown(mails: Path, place: dict[str, str]) -> None:
    """A fresh worker sends the rest; what a dead one may have sent is left to staff."""
    claimed = set(OutboxMessage.objects.filter(state=State.SENDING).values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=claimed).update(
        claimed_at=F("claimed_at") - ABANDONED_AFTER - timedelta(minutes=1)
    )
    finished(sending, **place)
    assert not OutboxMessage.objects.exclude(state__in=[State.SENT, State.UNCERTAIN]).exists()
    assert claimed <= set(OutboxMessage.objects.troubled().values_list("pk", flat=True))
    none_twice(mails)
