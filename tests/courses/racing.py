"""What separate processes do to the seats of a run at the same moment.

The processes come from a server process that has Django ready and no connection to any database: each of them opens
its own. They share nothing but the database, and the barrier they start from.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.synchronize import Barrier
from threading import BrokenBarrierError
from typing import Any, NamedTuple
from unittest.mock import patch

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.transaction import Atomic  # noqa: E402
from django.test.utils import override_settings  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import formats, timezone, translation  # noqa: E402

from cms.settings.base import TASKS  # noqa: E402
from courses.enrolment import adding, services  # noqa: E402
from courses.enrolment.arrivals import Refused  # noqa: E402
from courses.models import Enrolment, Run  # noqa: E402
from engagements.users.models import User  # noqa: E402
from tests import databases  # noqa: E402

# As warm as a process that has shown a page: addresses and texts are read.
_read = get_resolver().reverse_dict
translation.activate("da")
formats.date_format(timezone.localtime(), "DATETIME_FORMAT")

PATIENCE = 120
CONTEXT = multiprocessing.get_context("forkserver")
# Loaded once, so that a process begins in milliseconds; each would otherwise load the program that started the tests.
CONTEXT.set_forkserver_preload(["__main__", "pytest", "tests.courses.racing"])


class Attempt(NamedTuple):
    """One request: `enrol`, `regret` (an enrolment that is rolled back), `cancel`, `capacity`, `release`, `settle`."""

    act: str
    who: int
    number: int = 0


class Outcome(NamedTuple):
    """What one process has to tell."""

    done: int
    refused: list[str]
    faults: list[str]
    began: float = 0
    ended: float = 0


class _Regret(Exception):
    """What makes a transaction fall after the seat was given."""


def together(database: str, function: Callable[..., Outcome], given: Sequence[tuple[Any, ...]]) -> list[Outcome]:
    """Run `function(*arguments, start)` for each of `given` in a process of its own; all leave from one barrier."""
    start = CONTEXT.Barrier(len(given))
    pipes, processes = [], []
    for arguments in given:
        mine, theirs = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=_run, args=(database, function, arguments, start, theirs), daemon=True)
        process.start()
        theirs.close()
        pipes.append(mine)
        processes.append(process)
    outcomes = []
    for pipe, process in zip(pipes, processes, strict=True):
        outcomes.append(pipe.recv() if pipe.poll(PATIENCE) else Outcome(0, [], ["no answer"]))
        process.join(PATIENCE)
    return outcomes


def _run(
    database: str, function: Callable[..., Outcome], arguments: tuple[Any, ...], start: Barrier, answer: Any
) -> None:
    try:
        with at_work(database):
            answer.send(function(*arguments, start))
    except BaseException:
        answer.send(Outcome(0, [], [traceback.format_exc()]))


@contextmanager
def at_work(database: str) -> Iterator[None]:
    """This process works on that database, and leaves sending mails to a worker, as in production."""
    databases.use(database)
    connection.ensure_connection()
    with override_settings(TASKS=TASKS):
        yield
    connection.close()


def attempts(run: int, plan: Sequence[Attempt], start: Barrier) -> Outcome:
    """Make the attempts one after the other, each like a request of its own."""
    done, refused, faults = 0, [], []
    start.wait(PATIENCE)
    for attempt in plan:
        try:
            _ACTS[attempt.act](Run.objects.get(pk=run), User.objects.get(pk=attempt.who), attempt.number)
            done += 1
        except Refused as answer:
            refused.append(str(answer.code))
        except Exception:
            faults.append(traceback.format_exc())
    return Outcome(done, refused, faults)


def _enrol(run: Run, by: User, number: int) -> None:
    services.enrol(run, [by], by=by)


def _regret(run: Run, by: User, number: int) -> None:
    with suppress(_Regret), transaction.atomic():
        services.enrol(run, [by], by=by)
        raise _Regret


def _cancel(run: Run, by: User, number: int) -> None:
    for row in Enrolment.objects.active().filter(run=run, person=by):
        services.cancel(row, by=by)


def _capacity(run: Run, by: User, number: int) -> None:
    services.set_capacity(run, number, by=by)


def _release(run: Run, by: User, number: int) -> None:
    services.release(run, by=by)


def _settle(run: Run, by: User, number: int) -> None:
    services.settle_due(only=run.pk)


_ACTS: dict[str, Callable[[Run, User, int], None]] = {
    "enrol": _enrol,
    "regret": _regret,
    "cancel": _cancel,
    "capacity": _capacity,
    "release": _release,
    "settle": _settle,
}


def one_seat(run: int, who: int, locked: bool, meeting: Barrier, start: Barrier) -> Outcome:
    """Enrol one person; between counting and giving the seat wait a while for the others to have counted too."""
    give = adding.insert

    def after_all_have_counted(*args: Any, **kwargs: Any) -> None:
        with suppress(BrokenBarrierError):
            meeting.wait(2 if locked else PATIENCE)
        give(*args, **kwargs)

    with ExitStack() as patches:
        patches.enter_context(patch.object(adding, "insert", after_all_have_counted))
        if not locked:
            patches.enter_context(without_lock())
        return attempts(run, [Attempt("enrol", who)], start)


@contextmanager
def without_lock() -> Iterator[None]:
    """No row is locked; on SQLite, where a transaction is itself a lock, there is none."""
    with ExitStack() as patches:
        patches.enter_context(patch.object(connection.features, "has_select_for_update", False))
        if connection.vendor == "sqlite":
            patches.enter_context(patch.object(Atomic, "__enter__", lambda block: None))
            patches.enter_context(patch.object(Atomic, "__exit__", lambda block, *exc: None))
        yield
