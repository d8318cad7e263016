"""A move is made once, by one who may, with one entry in the log; whatever happens at the same moment."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_fsm.signals import post_transition
from wagtail.models import ModelLogEntry

from engagements.lifecycle import MoveRefused, move, move_all, moved, record_all
from engagements.notices.models import OutboxMessage
from engagements.programme.models import Engagement
from engagements.users.models import User
from tests import factories as f
from tests.rounds import rounds

PEOPLE = 6


def _entries(engagement: Engagement) -> int:
    return ModelLogEntry.objects.filter(object_id=str(engagement.pk), action="engagements.engagement.pause").count()


def _all_at_once(act: Callable[[], object]) -> list[str]:
    """What each of several people got who did the same at the same moment."""
    got: list[str] = []
    together = threading.Barrier(PEOPLE)

    def one() -> None:
        together.wait(30)
        try:
            act()
            got.append("done")
        except MoveRefused:
            got.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(rounds(soak=100)))
def test_of_several_who_make_the_same_move_at_once_one_succeeds(attempt: int) -> None:
    lead = f.StaffFactory(group="lead")
    engagement = f.EngagementFactory()
    got = _all_at_once(lambda: move(Engagement.objects.get(pk=engagement.pk), "pause", by=lead, note="Ferie"))
    assert got == ["done"] + ["refused"] * (PEOPLE - 1)
    assert _entries(engagement) == 1


@pytest.mark.django_db(transaction=True)
def test_without_asking_again_under_the_lock_all_of_them_would() -> None:
    engagement = f.EngagementFactory()
    read = threading.Barrier(PEOPLE)

    def careless() -> None:
        mine = Engagement.objects.get(pk=engagement.pk)
        if mine.state != "active":
            raise MoveRefused
        read.wait(30)
        mine.state = "paused"
        mine.save()

    assert _all_at_once(careless) == ["done"] * PEOPLE


@pytest.mark.django_db
def test_a_move_by_one_who_may_not_changes_and_logs_nothing() -> None:
    engagement = f.EngagementFactory()
    with pytest.raises(MoveRefused, match="ikke"):
        move(engagement, "pause", by=f.UserFactory(), note="Ferie")
    engagement.refresh_from_db()
    assert engagement.state == "active"
    assert _entries(engagement) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["no_such_move", "save", "delete", "__init__", "objects"])
def test_only_declared_moves_are_moves(name: str) -> None:
    with pytest.raises(MoveRefused):
        move(f.EngagementFactory(), name, by=f.StaffFactory(group="lead"))


@pytest.mark.django_db
def test_the_system_makes_only_its_own_moves() -> None:
    with pytest.raises(MoveRefused):
        move(f.EngagementFactory(), "pause", by=None, note="Ferie")


@pytest.mark.django_db
def test_a_move_gives_back_what_was_stored_and_forgets_what_was_looked_up_before() -> None:
    engagement = f.EngagementFactory()
    mine = Engagement.objects.prefetch_related("phases").select_related("municipality").get(pk=engagement.pk)
    type(mine.municipality).objects.filter(pk=mine.municipality_id).update(name="Nyby")
    Engagement.objects.filter(pk=mine.pk).update(focus="Sagsbehandling")
    mine.phases.all()[0].delete()
    same = move(mine, "pause", by=f.StaffFactory(group="lead"), note="Ferie")
    assert same is mine
    stored = Engagement.objects.get(pk=mine.pk)
    assert [getattr(mine, field.attname) for field in mine._meta.concrete_fields] == [
        getattr(stored, field.attname) for field in mine._meta.concrete_fields
    ]
    assert mine.focus == "Sagsbehandling"
    assert mine.municipality.name == "Nyby"
    assert len(mine.phases.all()) == 3


@pytest.fixture
def keeper() -> User:
    """One who may settle mails."""
    return f.UserFactory(is_superuser=True)


def _mails(n: int) -> list[OutboxMessage]:
    made = [
        OutboxMessage.objects.create(to=f"{i}@example.org", key=str(timezone.now()), state="failed") for i in range(n)
    ]
    return made[::-1]


@pytest.fixture
def heard() -> Any:
    """The addresses of the mails that were moved, in the order in which it was said."""
    got: list[tuple[str, str, str]] = []

    def hear(obj: OutboxMessage, source: str, target: str, **kwargs: Any) -> None:
        got.append((obj.to, source, target))

    moved.connect(hear, sender=OutboxMessage)
    yield got
    moved.disconnect(hear, sender=OutboxMessage)


@pytest.mark.django_db
def test_many_are_moved_logged_and_announced_in_the_order_given(keeper: User, heard: list[Any]) -> None:
    mails = _mails(3)
    OutboxMessage.objects.filter(pk=mails[1].pk).update(state="uncertain")
    assert move_all(mails, "settle", by=keeper, note=" Ringet op ") == mails
    assert [mail.state for mail in mails] == ["settled"] * 3
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"settled"}
    sources = ["failed", "uncertain", "failed"]
    assert heard == [(mail.to, source, "settled") for mail, source in zip(mails, sources, strict=True)]
    entries = ModelLogEntry.objects.filter(action="engagements.outboxmessage.settle").order_by("pk")
    assert [(entry.object_id, entry.label, entry.data["from"]) for entry in entries] == [
        (str(mail.pk), str(mail), source) for mail, source in zip(mails, sources, strict=True)
    ]
    assert {(entry.user_id, entry.data["to"], entry.data["note"]) for entry in entries} == {
        (keeper.pk, "settled", "Ringet op")
    }
    assert len({entry.uuid for entry in entries}) == 3


@pytest.mark.django_db
def test_many_cost_the_queries_of_two(keeper: User) -> None:
    counts = []
    move_all(_mails(1), "settle", by=keeper)  # what a process looks up once
    for n in (2, 20):
        mails = _mails(n)
        with CaptureQueriesContext(connection) as queries:
            move_all(mails, "settle", by=keeper)
        counts.append(len(queries))
    assert counts == [6, 6]  # savepoint, lock, save, log, read again, release


@pytest.mark.django_db
def test_what_a_move_writes_on_each_row_is_saved_on_that_row(keeper: User) -> None:
    def write(instance: OutboxMessage, **kwargs: Any) -> None:
        instance.last_error = f"Set af {instance.to}"

    post_transition.connect(write, sender=OutboxMessage)
    try:
        mails = move_all(_mails(3), "settle", by=keeper)
    finally:
        post_transition.disconnect(write, sender=OutboxMessage)
    assert [mail.last_error for mail in mails] == [
        "Set af 2@example.org",
        "Set af 1@example.org",
        "Set af 0@example.org",
    ]
    stored = OutboxMessage.objects.values_list("to", "last_error", "state")
    assert all(row == (row[0], f"Set af {row[0]}", "settled") for row in stored)


@pytest.mark.django_db
def test_one_that_may_not_be_moved_keeps_all_where_they_are(keeper: User, heard: list[Any]) -> None:
    mails = _mails(3)
    OutboxMessage.objects.filter(pk=mails[1].pk).update(state="sent")
    for who in (keeper, f.UserFactory()):
        with pytest.raises(MoveRefused):
            move_all(mails, "settle", by=who)
    with pytest.raises(MoveRefused, match=mails[1].to):
        move_all(mails, "settle", by=keeper)
    assert sorted(OutboxMessage.objects.values_list("state", flat=True)) == ["failed", "failed", "sent"]
    assert not ModelLogEntry.objects.filter(action="engagements.outboxmessage.settle").exists()
    assert heard == []


@pytest.mark.django_db
def test_a_receiver_that_fails_keeps_all_where_they_are(keeper: User) -> None:
    mails = _mails(2)

    def fail(obj: OutboxMessage, **kwargs: Any) -> None:
        if obj.pk == mails[1].pk:
            raise ZeroDivisionError

    moved.connect(fail, sender=OutboxMessage)
    try:
        with pytest.raises(ZeroDivisionError):
            move_all(mails, "settle", by=keeper)
    finally:
        moved.disconnect(fail, sender=OutboxMessage)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"failed"}
    assert not ModelLogEntry.objects.filter(action="engagements.outboxmessage.settle").exists()


@pytest.mark.django_db
def test_the_same_row_given_twice_is_moved_once(keeper: User, heard: list[Any]) -> None:
    [mail] = _mails(1)
    again = OutboxMessage.objects.get(pk=mail.pk)
    move_all([mail, again], "settle", by=keeper)
    assert (mail.state, again.state, len(heard)) == ("settled", "settled", 1)


@pytest.mark.django_db
def test_a_row_that_is_gone_moves_none(keeper: User) -> None:
    mails = _mails(2)
    OutboxMessage.objects.filter(pk=mails[1].pk).delete()
    with pytest.raises(OutboxMessage.DoesNotExist):
        move_all(mails, "settle", by=keeper)
    assert OutboxMessage.objects.get().state == "failed"


@pytest.mark.django_db
def test_what_a_receiver_writes_to_the_row_comes_back_with_it(keeper: User) -> None:
    def write(obj: OutboxMessage, **kwargs: Any) -> None:
        OutboxMessage.objects.filter(pk=obj.pk).update(attempts=7)

    moved.connect(write, sender=OutboxMessage)
    try:
        mails = move_all(_mails(2), "settle", by=keeper)
    finally:
        moved.disconnect(write, sender=OutboxMessage)
    assert [mail.attempts for mail in mails] == [7, 7]


@pytest.mark.django_db
def test_of_none_none_is_moved(keeper: User) -> None:
    assert move_all([], "settle", by=keeper) == []


@pytest.mark.django_db
def test_what_the_moved_refer_to_is_looked_up_for_all_of_them() -> None:
    lead = f.StaffFactory(group="lead")
    counts = []
    for n in (2, 6):
        engagements = [f.EngagementFactory() for _n in range(n)]
        with CaptureQueriesContext(connection) as queries:
            move_all(engagements, "pause", by=lead, note="Ferie")
        counts.append(sum('FROM "engagements_municipality"' in query["sql"] for query in queries))
    assert counts == [1, 1]


@pytest.mark.django_db
def test_an_act_nobody_declared_is_not_logged(keeper: User) -> None:
    with pytest.raises(ValidationError):
        record_all(_mails(2), "burnt", by=keeper, entries=[{}, {}])
    assert not ModelLogEntry.objects.exists()
