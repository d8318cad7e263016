"""Where a run is for those who look at it: what the organiser decided, the clock and the seats in one word.

Everything comes from the run's own columns, so a list of a thousand runs asks no further query.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .models import Run, RunState

FEW_SEATS = 2
FEW_SHARE = 0.1
"""Few are left from two free seats down, or from a tenth of all seats down where that is more."""


@dataclass(frozen=True)
class Standing:
    """`code` for decisions, `label` in words, `colour` as the class of a tag, `call` to action or nothing."""

    code: str
    label: str
    colour: str
    call: str = ""

    @property
    def takes_enrolments(self) -> bool:
        """Whether one may enrol now, be it on the waiting list."""
        return self.code in ("open", "few_left", "waiting_list")

    @property
    def is_over(self) -> bool:
        """Held or cancelled."""
        return self.code in ("held", "cancelled")


def standing(run: Run, at: datetime | None = None) -> Standing:
    """The one state of a run at a moment (now, unless given); the first that is true counts."""
    at = at or timezone.now()
    if run.state == RunState.DRAFT:
        return Standing("draft", pgettext("run", "Draft"), "badge-neutral")
    if run.state == RunState.CANCELLED:
        return Standing("cancelled", pgettext("run", "Called off"), "badge-error")
    if at >= run.ends_at:
        return Standing("held", pgettext("run", "Held"), "badge-neutral")
    if at >= run.starts_at:
        return Standing("running", pgettext("run", "Under way"), "badge-info")
    if at < run.opens_at:
        return Standing("open_soon", _("Opens %(day)s") % {"day": _day(run.opens_at, at)}, "badge-info")
    if at >= run.closes_at:
        return Standing("closed", _("Enrolment is closed"), "badge-neutral")
    return _by_seats(run)


def _by_seats(run: Run) -> Standing:
    if not run.free:
        return Standing("waiting_list", _("Waiting list"), "badge-warning", _("Join the waiting list"))
    if run.free <= max(FEW_SEATS, run.capacity * FEW_SHARE):
        label = ngettext("%(n)s seat left", "%(n)s seats left", run.free) % {"n": run.free}
        return Standing("few_left", label, "badge-warning", _("Enrol"))
    return Standing("open", pgettext("run", "Open"), "badge-success", _("Enrol"))


def stands(code: str, at: datetime | None = None) -> Q:
    """The same as a question to the database: runs whose standing has this code at the moment."""
    at = at or timezone.now()
    published = Q(state=RunState.PUBLISHED)
    ahead = published & Q(starts_at__gt=at)
    takes = ahead & Q(opens_at__lte=at, closes_at__gt=at)
    some = Q(capacity__gt=F("taken") + F("withheld"))
    few = Q(capacity__lte=F("taken") + F("withheld") + FEW_SEATS) | Q(
        capacity__gte=(F("capacity") - F("taken") - F("withheld")) * round(1 / FEW_SHARE)
    )
    return {
        "draft": Q(state=RunState.DRAFT),
        "cancelled": Q(state=RunState.CANCELLED),
        "held": published & Q(ends_at__lte=at),
        "running": published & Q(starts_at__lte=at, ends_at__gt=at),
        "open_soon": ahead & Q(opens_at__gt=at),
        "closed": ahead & Q(opens_at__lte=at, closes_at__lte=at),
        "waiting_list": takes & ~some,
        "few_left": takes & some & few,
        "open": takes & some & ~few,
    }[code]


def _day(moment: datetime, at: datetime) -> str:
    """The day without its year, unless it is another year than now; with the time when it is today."""
    local, now = timezone.localtime(moment), timezone.localtime(at)
    if local.date() == now.date():
        return _("today at %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
    return date_format(local, "MONTH_DAY_FORMAT" if local.year == now.year else "DATE_FORMAT")
