"""The demonstration's runs: told through the services, in every standing, fresh each day, and told once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation
from pytest_django.plugin import DjangoDbBlocker

from cms.pages import demo as texts
from cms.pages.course_pages import CoursePage
from cms.pages.reference import write_programme_pages
from courses.catalogue.models import Course, LearningPath
from courses.completion.models import Certificate
from courses.completion.results import SHOWN_FROM
from courses.demo import scale, story
from courses.demo.clock import hour
from courses.enrolment.models import HOLDING, Enrolment, EnrolmentState, Trace
from courses.runs.models import Run
from courses.runs.standing import standing
from engagements.municipalities.demo import ensure_fictional
from engagements.people import demo as people
from engagements.people.models import Membership


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Told once for all tests, and taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_fictional()
        people.ensure()
        with translation.override("da"):
            write_programme_pages()
            texts.ensure(story.tell())
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("told")


@pytest.mark.django_db
def test_there_is_a_run_in_every_standing() -> None:
    found = Counter(standing(run).code for run in Run.objects.all())
    wanted = {"open_soon", "open", "few_left", "waiting_list", "closed", "running", "held", "cancelled"}
    assert set(found) == wanted


@pytest.mark.django_db
def test_people_are_in_every_place_an_enrolment_can_be() -> None:
    found = set(Enrolment.objects.values_list("state", flat=True))
    assert found >= {"requested", "waiting", "offered", "seated", "cancelled"}
    assert Enrolment.objects.filter(late=True).exists()
    assert Enrolment.objects.get(state=EnrolmentState.REQUESTED).municipality.slug == "nordager"
    assert Run.objects.filter(allotments__municipality__slug="korsbaek", withheld__gt=0).exists()


@pytest.mark.django_db
def test_no_run_is_oversold_and_everyone_knows_why() -> None:
    counted = Run.objects.annotate(held=Count("enrolments", filter=Q(enrolments__state__in=HOLDING)))
    assert not counted.exclude(taken=F("held")).exists()
    assert not Enrolment.objects.exclude(pk__in=Trace.objects.values("enrolment")).exists()


@pytest.mark.django_db
def test_what_was_held_has_attendance_evaluations_and_certificates() -> None:
    held = [run for run in Run.objects.all() if standing(run).code == "held"]
    assert len(held) >= 3
    assert sum(run.evaluation_sheets.count() >= SHOWN_FROM for run in held) == 2
    for run in held:
        completed = run.enrolments.filter(completed_at__isnull=False).count()
        assert 0 < completed < run.enrolments.seated().count()
        assert Certificate.objects.filter(enrolment__run=run).count() == completed


@pytest.mark.django_db
def test_telling_it_again_changes_nothing() -> None:
    before = [model.objects.count() for model in (Run, Enrolment, Course, Membership, CoursePage)]
    texts.ensure(story.tell())
    assert [model.objects.count() for model in (Run, Enrolment, Course, Membership, CoursePage)] == before


@pytest.mark.django_db
def test_the_catalogue_has_paths_and_words() -> None:
    assert LearningPath.objects.offered().count() == 2
    assert Course.objects.offered().count() == 8
    assert CoursePage.objects.live().count() >= 4


@pytest.mark.django_db
def test_many_runs_are_added_once_and_counted_right() -> None:
    assert scale.add(3) == 3
    assert scale.add(4) == 1
    run = Run.objects.get(reference=f"2019-{scale.FIRST}")
    assert run.taken == run.enrolments.holding().count() == scale.SEATED


@pytest.mark.parametrize("day", range(22, 29))
def test_what_lies_behind_us_does_so_on_every_day_of_the_week(day: int) -> None:
    with time_machine.travel(datetime(2026, 11, day, 8, 30, tzinfo=UTC), tick=False):
        assert [days for days in range(-40, 0) if hour(days, 14) >= timezone.now()] == []
        assert [days for days in range(1, 40) if hour(days, 8) <= timezone.now()] == []


def test_no_day_of_the_story_is_a_weekend() -> None:
    assert all(timezone.localtime(hour(day)).weekday() < 5 for day in range(-30, 30))
