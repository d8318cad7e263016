"""A move is made once, by one who may, with one entry in the log; whatever happens at the same moment."""

import os
import threading
from collections.abc import Callable

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from engagements.lifecycle import MoveRefused, move
from engagements.programme.models import Engagement
from tests import factories as f

ROUNDS = int(os.environ.get("ROUNDS", "3"))
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
@pytest.mark.parametrize("attempt", range(ROUNDS))
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
