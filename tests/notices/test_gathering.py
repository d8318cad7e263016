"""What many moves say is written together; the worker is woken once."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail as post
from django.core.files.base import ContentFile, File
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from engagements import lifecycle
from engagements.notices import outbox, registry, services, tasks
from engagements.notices.models import Notice, OutboxMessage, Preference
from engagements.notices.registry import Tell
from engagements.users.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def _tell(*users: User, key: str = "k", **more: Any) -> list[Notice]:
    return services.notify(users, **{"key": key, "subject": f"Emne {key}", "body": "Tekst", **more})


def _told() -> list[tuple[str, str]]:
    return sorted(OutboxMessage.objects.values_list("to", "key"))


@pytest.mark.parametrize("fresh", [True, False])
def test_many_messages_to_many_people_cost_the_queries_of_two(fresh: bool) -> None:
    counts = []
    for n in (2, 20):
        people = [UserFactory() for _n in range(n)]
        with CaptureQueriesContext(connection) as queries, services.gathered():
            for person in people:
                _tell(*people, key=f"{n}:{person.pk}", fresh=fresh)
        counts.append(len(queries))
        assert Notice.objects.filter(key__startswith=f"{n}:", mail__isnull=False).count() == n * n
    assert counts == ([2, 2] if fresh else [3, 3])


def test_nothing_is_written_before_the_end_and_the_list_then_holds_it() -> None:
    person = UserFactory()
    with services.gathered() as made:
        assert _tell(person) == []
        assert not Notice.objects.exists()
    assert made == list(Notice.objects.all())
    assert made[0].mail.to == person.email


def test_a_gathering_within_another_joins_it() -> None:
    person = UserFactory()
    with services.gathered() as outer:
        with services.gathered() as inner:
            _tell(person)
        assert not Notice.objects.exists()
        _tell(person, key="2")
    assert (len(outer), inner) == (2, [])
    assert _tell(person, key="3"), "it is over"


@pytest.mark.parametrize("transactional", [True, False])
def test_if_the_block_fails_nobody_is_told(transactional: bool, django_capture_on_commit_callbacks: Any) -> None:
    person = UserFactory()

    def fail() -> None:
        with transaction.atomic() if transactional else nullcontext(), services.gathered():
            _tell(person)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        fail()
    assert not Notice.objects.exists()
    assert post.outbox == []
    _tell(person, key="2")
    assert _told() == [(person.email, "2")]


def test_what_is_said_in_a_savepoint_that_is_rolled_back_falls_with_it() -> None:
    person = UserFactory()
    with services.gathered():
        _tell(person, key="1")
        with transaction.atomic():
            with services.gathered():
                _tell(person, key="2")
            transaction.set_rollback(True)
        with transaction.atomic():
            _tell(person, key="3")
    assert _told() == [(person.email, "1"), (person.email, "3")]


@pytest.mark.parametrize("fresh", [True, False])
def test_the_same_key_tells_a_person_once_however_it_is_called(fresh: bool) -> None:
    early, late = UserFactory(), UserFactory()
    _tell(early)
    with services.gathered():
        _tell(early, late, subject="Nyt emne", fresh=fresh)
        _tell(late, subject="Et til", fresh=fresh)
    assert sorted(Notice.objects.values_list("recipient", "subject")) == [(early.pk, "Emne k"), (late.pk, "Nyt emne")]
    assert _told() == sorted([(early.email, "k"), (late.email, "k")])


def test_each_message_has_its_own_attachment_and_does_not_wait_for_the_digest(tmp_path: Any) -> None:
    person = UserFactory()
    services.choose_mail(person, mail=Preference.Mail.DIGEST)
    (tmp_path / "b").write_bytes(b"b")
    with services.gathered():
        _tell(person, key="a", attachment=ContentFile(b"a", name="a.pdf"))
        with (tmp_path / "b").open("rb") as opened:
            _tell(person, key="b", attachment=File(opened, name="b.pdf"))
        _tell(person, key="c")
    outbox.send_waiting()
    assert [message.attachments[0].content for message in post.outbox] == [b"a", b"b"]
    assert OutboxMessage.objects.get(in_digest=True).key == "c"


@pytest.fixture
def told() -> Iterator[User]:
    """One who is told twice of each mail that is settled."""
    person = UserFactory()

    def after_settling(obj: OutboxMessage, step: lifecycle.Step) -> list[Tell]:
        return [Tell([person], f"{obj.to}: {n}", "Tekst") for n in (1, 2)]

    registry.on_move(OutboxMessage, "settle")(after_settling)
    yield person
    name = f"{after_settling.__module__}.{after_settling.__qualname__}"
    lifecycle.moved.disconnect(sender=OutboxMessage, dispatch_uid=name)


def test_what_many_moves_say_costs_the_queries_of_one_move(told: User) -> None:
    keeper = UserFactory(is_superuser=True)
    ContentType.objects.get_for_model(OutboxMessage)  # asked for once a process
    counts = []
    for n in (1, 2, 20):
        mails = [OutboxMessage.objects.create(to=f"{i}@x.dk", key=str(n), state="failed") for i in range(n)]
        with CaptureQueriesContext(connection) as queries:
            lifecycle.move_all(mails, "settle", by=keeper)
        counts.append(len(queries))
        subjects = Notice.objects.filter(recipient=told).order_by("pk").values_list("subject", flat=True)
        assert list(subjects)[-2 * n :] == [f"{i}@x.dk: {k}" for i in range(n) for k in (1, 2)]
    assert counts == [8, 8, 8]


def test_one_transaction_wakes_the_worker_once(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []
    monkeypatch.setattr(tasks, "wake", lambda: woken.append(True))
    for _n in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            for person in (UserFactory(), UserFactory()):
                _tell(person)
    assert woken == [True, True]


@pytest.mark.django_db(transaction=True)
def test_a_mail_written_outside_of_what_was_rolled_back_wakes_the_worker() -> None:
    person = UserFactory()
    with transaction.atomic():
        with transaction.atomic():
            _tell(person, key="1")
            transaction.set_rollback(True)
        _tell(person, key="2")
        with transaction.atomic():
            _tell(person, key="3")
            transaction.set_rollback(True)
    assert [message.subject for message in post.outbox] == ["Emne 2"]


@pytest.fixture
def _worker(settings: Any) -> None:
    settings.TASKS = settings.TASKS | {"worker": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


@pytest.mark.usefixtures("_worker")
def test_a_task_that_has_not_begun_serves_for_later_mails_too(django_capture_on_commit_callbacks: Any) -> None:
    def write(key: str) -> int:
        with django_capture_on_commit_callbacks(execute=True):
            _tell(UserFactory(), key=key)
        return DBTaskResult.objects.count()

    assert [write("1"), write("2")] == [1, 1]
    DBTaskResult.objects.get().claim("worker")
    assert write("3") == 2, "one that has begun may have looked already"
    DBTaskResult.objects.update(status="READY", run_after=timezone.now() + timedelta(hours=1))
    assert write("4") == 3, "one that waits for its hour comes too late"


@pytest.mark.django_db(transaction=True)
def test_those_who_tell_the_same_at_the_same_moment_tell_it_once() -> None:
    people = [UserFactory() for _n in range(5)]
    together = threading.Barrier(6)
    faults: list[BaseException] = []

    def tell(order: int) -> None:
        try:
            together.wait(30)
            _tell(*people[::order], fresh=True)
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell, args=[order]) for order in (1, -1) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Notice.objects.count() == OutboxMessage.objects.count() == len(post.outbox) == 5
