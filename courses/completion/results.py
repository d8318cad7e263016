"""What a run has come to, read without changing anything: attendance, who earns a certificate, the evaluation."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from random import SystemRandom
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enrolment.models import Enrolment
from courses.runs.models import Run, Session
from engagements.charts.bars import Rate, bars
from engagements.charts.words import number
from engagements.municipalities.models import fold

from .models import Attendance, Certificate, EvaluationAnswer, EvaluationQuestion, EvaluationSheet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from engagements.charts.figure import Figure
    from engagements.users.models import User

SHOWN_FROM = 5
"""An evaluation is shown when so many have answered, and grows by so many at a time, so that nobody can be recognised."""
SCORES = (5, 4, 3, 2, 1)


def participants(run: Run) -> list[Enrolment]:
    """Those with a seat, by name."""
    found = run.enrolments.seated().select_related("person", "municipality")
    return sorted(found, key=lambda enrolment: (fold(str(enrolment.person)), enrolment.pk))


@dataclass(frozen=True)
class SessionCount:
    """How far the attendance of a session has been noted."""

    session: Session
    noted: int
    present: int


def session_counts(run: Run) -> list[SessionCount]:
    """Every session of the run in order; only those who have a seat now are counted."""
    seated = Q(attendance__enrolment__state=Enrolment.State.SEATED)
    rows = run.sessions.annotate(
        noted=Count("attendance", filter=seated),
        were_present=Count("attendance", filter=seated & Q(attendance__present=True)),
    ).order_by("starts_at", "pk")
    found = []
    for session in rows:
        session.run = run
        found.append(SessionCount(session, session.noted, session.were_present))
    return found


@dataclass(frozen=True)
class Outcome:
    """What a participant has come to: sessions attended, and whether that is enough by the run's rule."""

    enrolment: Enrolment
    attended: int
    noted: int
    of: int
    needed: int | None
    certificate: Certificate | None
    revoked: Certificate | None

    @property
    def meets_rule(self) -> bool:
        """Enough sessions; never so where the organiser decides."""
        return self.needed is not None and self.of > 0 and self.attended >= self.needed

    @property
    def earns(self) -> bool:
        """Gets a certificate with the next issue, without anybody having to choose."""
        return self.meets_rule and self.certificate is None and self.revoked is None

    @property
    def may_be_chosen(self) -> bool:
        """The organiser decides: always by the rule, or because an earlier certificate was revoked."""
        if self.certificate is not None:
            return False
        return self.needed is None or (self.meets_rule and self.revoked is not None)

    @property
    def why(self) -> str:
        """The answer in words."""
        if self.certificate is not None:
            return _("Has certificate %(number)s") % {"number": self.certificate.number}
        if self.revoked is not None and self.revoked.revoked_at is not None:
            day = formats.date_format(timezone.localtime(self.revoked.revoked_at), "DATE_FORMAT")
            facts = {"number": self.revoked.number, "day": day}
            return _("Certificate %(number)s was revoked on %(day)s; a new one must be chosen") % facts
        if self.needed is None:
            return _("You decide")
        if self.meets_rule:
            return _("Gets a certificate")
        missing = self.of - self.noted
        if missing and self.attended + missing >= self.needed:
            return ngettext("%(n)s session has not been noted", "%(n)s sessions have not been noted", missing) % {
                "n": missing
            }
        return ngettext("%(n)s session is needed", "%(n)s sessions are needed", self.needed) % {"n": self.needed}


def needed(run: Run, of: int) -> int | None:
    """How many of `of` sessions complete the run; None where the organiser decides."""
    if run.certificate_rule == Run.CertificateRule.MANUAL:
        return None
    if run.certificate_rule == Run.CertificateRule.AT_LEAST:
        return min(run.certificate_sessions or of, of)
    return of


def outcomes(run: Run) -> list[Outcome]:
    """Each participant's, by name; as many queries for ten as for a thousand."""
    of = run.sessions.count()
    attendance = Attendance.objects.filter(session__run=run, enrolment__state=Enrolment.State.SEATED)
    counted: dict[int, Counter[bool]] = defaultdict(Counter)
    for enrolment, present in attendance.values_list("enrolment", "present"):
        counted[enrolment][present] += 1
    valid: dict[int, Certificate] = {}
    revoked: dict[int, Certificate] = {}
    for certificate in Certificate.objects.filter(enrolment__run=run).order_by("issued_at", "pk"):
        (valid if certificate.is_valid else revoked)[certificate.enrolment_id] = certificate
    enough = needed(run, of)
    return [
        Outcome(
            enrolment=enrolment,
            attended=counted[enrolment.pk][True],
            noted=counted[enrolment.pk].total(),
            of=of,
            needed=enough,
            certificate=valid.get(enrolment.pk),
            revoked=revoked.get(enrolment.pk),
        )
        for enrolment in participants(run)
    ]


# Evaluation --------------------------------------------------------------------------------------
def evaluators(run: Run) -> "Iterable[Enrolment]":
    """Those who may evaluate: with a seat, and not noted as absent from every session."""
    absent = run.enrolments.filter(attendance__present=False).exclude(attendance__present=True)
    return run.enrolments.seated().exclude(pk__in=absent.values("pk"))


def is_evaluator(enrolment: Enrolment) -> bool:
    """Whether this participant may evaluate."""
    noted = set(enrolment.attendance.values_list("present", flat=True))
    return enrolment.state == Enrolment.State.SEATED and (not noted or True in noted)


def to_be_asked(run: Run) -> "list[User]":
    """Those who may evaluate the run and have not."""
    rows = evaluators(run).filter(evaluation_ticket__isnull=True).select_related("person")  # type: ignore[attr-defined]
    return [enrolment.person for enrolment in rows]


@dataclass(frozen=True)
class Answers:
    """The answers to one question: a chart of scores, or comments in no order."""

    question: EvaluationQuestion
    figure: "Figure | None" = None
    comments: tuple[str, ...] = ()
    count: int = 0


def shown_sheets(run: Run) -> "QuerySet[EvaluationSheet]":
    """Those that may be read: five at a time. A rest below five is never shown, for who read before could tell it apart."""
    return run.evaluation_sheets.filter(shown=True)


def evaluation(run: Run) -> list[Answers]:
    """The answers question by question; empty while fewer than five have answered."""
    sheets = shown_sheets(run)
    if not sheets.exists():
        return []
    given: dict[int, list[EvaluationAnswer]] = defaultdict(list)
    for answer in EvaluationAnswer.objects.filter(sheet__in=sheets):
        given[answer.question_id].append(answer)
    return [_answers(question, given[question.pk]) for question in run.evaluation_questions.all()]


def _answers(question: EvaluationQuestion, given: list[EvaluationAnswer]) -> Answers:
    if question.answered == question.Answered.TEXT:
        comments = [answer.text for answer in given if answer.text]
        # Two comments of one sheet must not be told by their places.
        SystemRandom().shuffle(comments)
        return Answers(question, comments=tuple(comments), count=len(comments))
    scores = [answer.score for answer in given if answer.score is not None]
    if len(scores) < SHOWN_FROM:
        return Answers(question, count=len(scores))
    return Answers(question, figure=_figure(question, scores), count=len(scores))


def _figure(question: EvaluationQuestion, scores: list[int]) -> "Figure":
    counted = Counter(scores)
    facts = {
        "question": question.words,
        "x": counted[4] + counted[5],
        "n": len(scores),
        "average": number(sum(scores) / len(scores), 1),
    }
    return bars(
        [Rate(score_label(score), counted[score], len(scores)) for score in SCORES],
        title=_("%(question)s: %(x)s of %(n)s answered 4 or 5 (average %(average)s)") % facts,
        of=_("Answer"),
        counted=_("Answers"),
        few=_("Hatched: fewer than 10 answers."),
    )


def score_label(score: int) -> str:
    """What a score means."""
    ends = {1: _("1 – disagree entirely"), 5: _("5 – agree entirely")}
    return ends.get(score, str(score))
