"""Who is told what about runs: those on a course's interest list hear when it gets a date."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from engagements.lifecycle import Step
from engagements.notices.registry import Tell, on_move
from engagements.records.access import register as serve

from .models import Run, RunMaterial
from .permissions import may_fetch_material

serve(RunMaterial, may_read=may_fetch_material)


@on_move(Run, "publish")
def has_a_date(run: Run, step: Step) -> Iterator[Tell]:
    """Those who wait for a date hear that there is one; not of a run kept to the leaders' network."""
    if run.course is None or run.members_only:
        return
    waiting = run.course.interested.waiting().select_related("person")
    if not waiting:
        return
    yield Tell(
        [interest.person for interest in waiting],
        lambda: _("“%(title)s” has got a date") % {"title": run.title},
        lambda: (
            _(
                "You asked to hear when the course gets a date: a run begins on %(begins)s. Enrolment opens on %(opens)s. "
                "You are still on the interest list until you have enrolled or taken yourself off it."
            )
            % {
                "begins": date_format(localtime(run.starts_at)),
                "opens": date_format(localtime(run.opens_at), "DATETIME_FORMAT"),
            }
        ),
        run,
    )
