"""*Mine kurser*: next dates, offers to answer, waiting, earlier, certificates, evaluations, learning paths, calendar."""

from typing import Any

from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from courses.catalogue.models import Interest, LearningPath
from courses.catalogue.progress import Progress, completed_by, progress
from courses.completion.models import Attendance, Certificate
from courses.completion.permissions import can_be_evaluated
from courses.enrolment.explaining import places
from courses.enrolment.models import CalendarFeed, Enrolment, EnrolmentState
from courses.runs.models import Run
from engagements.programme.tabs import address_of

EARLIER = 30
"""Rows of the list of earlier runs."""


def mine(user: Any) -> QuerySet[Enrolment]:
    """One's own enrolments with what the page shows, the next run first."""
    rows = Enrolment.objects.filter(person=user).select_related("run__course", "municipality")
    return rows.order_by("run__starts_at", "pk")


class Mine(LoginRequiredMixin, TemplateView):
    """A person's own courses."""

    template_name = "courses/pages/mine.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Gathered from the rooms."""
        user: Any = self.request.user
        now = timezone.now()
        rows = list(mine(user).active().prefetch_related("run__sessions"))
        ahead = [row for row in rows if row.run.ends_at > now]
        held = [row for row in rows if row.run.ends_at <= now and row.state == EnrolmentState.SEATED]
        waiting = [row for row in ahead if row.state == EnrolmentState.WAITING]
        feed = CalendarFeed.objects.filter(person=user).first()
        return super().get_context_data(**kwargs) | {
            "offers": [row for row in ahead if row.state == EnrolmentState.OFFERED],
            "coming": [row for row in ahead if row.state == EnrolmentState.SEATED],
            "waiting": [(row, places(row.run).get(row.pk, 0)) for row in waiting],
            "requested": [row for row in ahead if row.state == EnrolmentState.REQUESTED],
            "earlier": sorted(held, key=lambda row: row.run.starts_at, reverse=True)[:EARLIER],
            "evaluations": self._evaluations(held),
            "certificates": list(Certificate.objects.filter(person=user).valid()),
            "paths": self._paths(user),
            "interests": list(Interest.objects.filter(person=user).select_related("course")),
            "feed": f"{settings.SITE_URL}{reverse('enrolment:feed', args=[feed.token])}" if feed else "",
        }

    def _evaluations(self, held: list[Enrolment]) -> list[tuple[Run, str]]:
        """Runs that the person may evaluate now and has not."""
        now = timezone.now()
        held = [row for row in held if can_be_evaluated(row.run, now)]
        absent = Attendance.objects.filter(enrolment=OuterRef("pk"))
        done = Q(evaluation_ticket__isnull=False) | Exists(absent) & ~Exists(absent.filter(present=True))
        asked_no_more = Enrolment.objects.filter(done, pk__in=[row.pk for row in held])
        given = set(asked_no_more.values_list("pk", flat=True))
        asked = set(
            Run.objects.filter(pk__in=[row.run_id for row in held], evaluation_questions__isnull=False).values_list(
                "pk", flat=True
            )
        )
        found = []
        for row in held:
            if row.pk not in given and row.run_id in asked:
                args = list(row.run.address_args.values())
                if address := address_of("completion:evaluate", *args):
                    found.append((row.run, address))
        return found

    def _paths(self, user: Any) -> list[tuple[LearningPath, Progress]]:
        """Learning paths the person has begun: some course of it is completed, or has a seat or a place in line."""
        done = completed_by(user)
        begun = set(done) | set(mine(user).active().values_list("run__course", flat=True))
        offered = LearningPath.objects.offered().filter(courses__in=begun - {None}).distinct()
        paths = offered.prefetch_related("steps__course")
        return [(path, progress(path, done)) for path in paths]
