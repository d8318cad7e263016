"""Processes that enrol people and send mail until they are killed."""

import os
import random
import signal
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test.utils import override_settings

from courses.enrolment import services
from courses.models import Run
from engagements.notices import outbox
from engagements.users.models import User

from .racing import CONTEXT, at_work

LAST_POINT = 60
LONGEST = 0.5
"""Seconds."""


class Folder(BaseEmailBackend):
    """A mail server that keeps each mail the moment it has it: one line of a file that every process adds to."""

    def __init__(self, *, file_path: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.file = Path(file_path)

    def send_messages(self, messages: Any) -> int:
        """Each mail counts as delivered with its line, whatever becomes of the sender afterwards."""
        for message in messages:
            with self.file.open("a") as lines:
                lines.write(f"{message.extra_headers['Message-ID']} {message.to[0]}\n")
            point()
        return len(messages)


_left = 0


def point() -> None:
    """A place where the process may die: before and after each statement, and when a mail has been handed over."""
    global _left
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), signal.SIGKILL)


def _counted(execute: Callable[..., Any], *statement: Any) -> Any:
    point()
    found = execute(*statement)
    point()
    return found


@contextmanager
def _working(database: str, mails: str, dies_at: int) -> Any:
    global _left
    _left = dies_at
    mailers = {"default": {"BACKEND": "tests.courses.killing.Folder", "OPTIONS": {"file_path": mails}}}
    with at_work(database), override_settings(MAILERS=mailers), connection.execute_wrapper(_counted):
        yield


def enrolling(database: str, mails: str, dies_at: int, run: int, people: Sequence[int]) -> None:
    """A web process: one request after the other."""
    with _working(database, mails, dies_at):
        for pk in people:
            person = User.objects.get(pk=pk)
            services.enrol(Run.objects.get(pk=run), [person], by=person)


def sending(database: str, mails: str, dies_at: int) -> None:
    """A worker that sends what waits."""
    with _working(database, mails, dies_at):
        outbox.send_waiting()


def killed(function: Callable[..., None], *arguments: Any, chance: random.Random, database: str, mails: str) -> None:
    """Run it, and kill it at a random point of its work or at a random moment."""
    by_clock = chance.random() < 0.3
    dies_at = 0 if by_clock else chance.randint(1, LAST_POINT)
    process = CONTEXT.Process(target=function, args=(database, mails, dies_at, *arguments), daemon=True)
    process.start()
    process.join(chance.uniform(0, LONGEST) if by_clock else 60)
    process.kill()
    process.join()


def finished(function: Callable[..., None], *arguments: Any, database: str, mails: str) -> None:
    """Run it to the end."""
    process = CONTEXT.Process(target=function, args=(database, mails, 0, *arguments), daemon=True)
    process.start()
    process.join(300)
    assert process.exitcode == 0
