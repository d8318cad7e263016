"""Case numbers and references: consecutive within a year, without gaps."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from .models import NumberSeries

CASE = "case"
APPLICATION = "application"
DOCUMENT = "doc"
RUN = "run"
VISIT = "visit"
CERTIFICATE = "certificate"
QUESTION = "question"


@transaction.atomic
def next_number(series: str, year: int) -> int:
    """The next number in the series; the row stays locked until the transaction that uses it ends."""
    return next_numbers(series, year, 1)[0]


@transaction.atomic
def next_numbers(series: str, year: int, count: int) -> range:
    """The next `count` numbers in the series, taken together."""
    NumberSeries.objects.get_or_create(series=series, year=year)
    row = NumberSeries.objects.select_for_update().get(series=series, year=year)
    first = row.last + 1
    row.last += count
    row.save(update_fields=["last"])
    return range(first, first + count)


def next_case_no(at: datetime) -> str:
    """`2026-0012`; shown `2026 - 0012`."""
    year = timezone.localtime(at).year
    return f"{year}-{next_number(CASE, year):04}"


def next_application_reference(at: datetime) -> str:
    """`A-2026-0012`, an application's name for good."""
    year = timezone.localtime(at).year
    return f"A-{year}-{next_number(APPLICATION, year):04}"


def next_document_no(case_no: str) -> int:
    """The next number among the case's documents, from 1."""
    return next_number(f"{DOCUMENT} {case_no}", int(case_no[:4]))


def next_run_reference(at: datetime) -> str:
    """`2026-0007`, the name of a run of a course."""
    year = timezone.localtime(at).year
    return f"{year}-{next_number(RUN, year):04}"


def next_certificate_number(at: datetime) -> str:
    """`K-2026-0123`, the number of a certificate."""
    return next_certificate_numbers(at, 1)[0]


def next_certificate_numbers(at: datetime, count: int) -> list[str]:
    """The numbers of as many certificates issued together."""
    year = timezone.localtime(at).year
    return [f"K-{year}-{number:04}" for number in next_numbers(CERTIFICATE, year, count)]


def next_visit_reference(at: datetime) -> str:
    """`B-2026-0007`, the name of a visit of the learning team."""
    year = timezone.localtime(at).year
    return f"B-{year}-{next_number(VISIT, year):04}"


def next_question_reference(at: datetime) -> str:
    """`SP-2026-0012`, the name of a question on rules."""
    year = timezone.localtime(at).year
    return f"SP-{year}-{next_number(QUESTION, year):04}"
