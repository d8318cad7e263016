"""Questions and answers of the demonstration: some on their way, six published."""

import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from engagements.lifecycle import move
from engagements.municipalities.models import Municipality
from engagements.requirements.models import Law, RequirementVersion
from engagements.users.models import User

from . import services
from .models import LegalQuestion, PublishedAnswer

TEXTS = Path(__file__).parent / "data" / "demonstration.toml"
DAY = timedelta(days=1)
type Clock = Callable[[datetime], AbstractContextManager[Any]]


def tell(at: Clock) -> None:
    """Ask, answer and publish, each at the moment when it would have happened (`at` sets the clock); never twice."""
    if LegalQuestion.objects.exists():
        return
    texts = tomllib.loads(TEXTS.read_text("utf-8"))
    for number, text in enumerate(texts["published"]):
        _publish(_answer(text, at), text, at, opinions=number)
    for text in texts["open"]:
        steps = {"asked": _ask, "assigned": _assign, "second_reading": _draft, "answered": _answer}
        steps[text["state"]](text, at)


def _lawyer() -> User:
    return User.objects.get(email="legal@taskforce.example")


def _lead() -> User:
    return User.objects.get(email="lead@taskforce.example")


def _then(text: dict[str, Any], days: float) -> datetime:
    return timezone.now() - (text["days"] - days) * DAY


def _basis(text: dict[str, Any]) -> list[RequirementVersion]:
    rows = RequirementVersion.objects.published().filter(requirement__code__in=text.get("basis", []))
    return list(rows.filter(law=text["law"] or Law.CHILDRENS_ACT))


def _ask(text: dict[str, Any], at: Clock) -> LegalQuestion:
    asker = User.objects.get(email=f"{text['role']}@{text['place']}.example")
    with at(_then(text, 0)):
        return services.ask(
            municipality=Municipality.objects.get(slug=text["place"]),
            title=text["title"],
            text=text["text"],
            topic=text["topic"],
            law=text["law"],
            by=asker,
        )


def _assign(text: dict[str, Any], at: Clock) -> LegalQuestion:
    question = _ask(text, at)
    with at(_then(text, 0.9)):
        note = text.get("note", "")
        services.assign(question, lawyer=_lawyer(), due_on=question.due_on, by=_lead(), note=note)
    return question


def _draft(text: dict[str, Any], at: Clock) -> LegalQuestion:
    question = _assign(text, at)
    question.refresh_from_db()
    with at(_then(text, 4)):
        services.write_draft(
            question,
            version=question.version,
            answer=text["answer"].strip(),
            basis=_basis(text),
            other_basis=text.get("other_basis", ""),
            by=_lawyer(),
        )
        services.move_question(question, "submit_draft", by=_lawyer())
    return question


def _answer(text: dict[str, Any], at: Clock) -> LegalQuestion:
    question = _draft(text, at)
    with at(_then(text, 6)):
        services.move_question(question, "confirm", by=_lead())
    return question


def _publish(question: LegalQuestion, text: dict[str, Any], at: Clock, *, opinions: int) -> PublishedAnswer:
    basis = _basis(text)
    starts, ends = services.validity_of(basis)
    with at(_then(text, 12)):
        answer = services.rewrite(
            question,
            version=None,
            basis=basis,
            by=_lawyer(),
            published_title=text["general_title"],
            published_question=text["general_question"],
            published_answer=text["answer"].strip(),
            topic=text["topic"],
            law=text["law"],
            other_basis=text.get("other_basis", ""),
            valid_from=starts or timezone.localdate(),
            valid_until=ends,
        )
    with at(_then(text, 14)):
        move(answer, "publish", by=_lead())
        for number in range(3 + 2 * opinions):
            services.say_useful(answer, useful=number % 5 != 4)
    return answer
