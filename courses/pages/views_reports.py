"""Reports for those who organise runs."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from courses.catalogue.permissions import administers
from courses.runs.models import Run
from courses.runs.permissions import organises_some
from engagements.charts.bars import HIDE_BELOW, Rate, bars
from engagements.charts.figure import Figure
from engagements.design import spreadsheets
from engagements.design.forms import DateInput, FilterForm
from engagements.design.numbers import number

from .reports import Line, Report, report, sheets

AT_MOST = 50
"""Runs in the table on the page; all of them are in the workbook."""
BARS = 12


class PeriodForm(FilterForm):
    """A year, or days of one's own choice."""

    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput)
    until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DateInput)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", _("All years")), *((str(year), str(year)) for year in years)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The end is not before the beginning."""
        found: dict[str, Any] = super().clean() or {}
        if found.get("since") and found.get("until") and found["until"] < found["since"]:
            self.add_error("until", _("The last day is before the first."))
        return found

    def period(self) -> tuple[date | None, date | None]:
        """First and last day; days of one's own go before the year."""
        found = self.cleaned_data if self.is_valid() else {}
        since, until = found.get("since"), found.get("until")
        if found.get("year") and not since and not until:
            year = int(found["year"])
            return date(year, 1, 1), date(year, 12, 31)
        return since, until


class Reports(LoginRequiredMixin, TemplateView):
    """`/kurser/rapporter/`."""

    template_name = "courses/pages/reports.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or everything as a workbook."""
        if not organises_some(request.user):
            raise Http404
        rows = Run.objects.organised_by(request.user)
        self.form = PeriodForm(request.GET or None, years=self._years(rows))
        since, until = self.form.period()
        if since:
            rows = rows.filter(starts_at__date__gte=since)
        if until:
            rows = rows.filter(starts_at__date__lte=until)
        found = report(rows, at=timezone.now(), until=until, with_paths=administers(request.user))
        if request.GET.get("format") == "xlsx":
            return spreadsheets.workbook(str(_("course-report")), sheets(found))
        return self.render_to_response(self.get_context_data(found=found, since=since, until=until, **kwargs))

    @staticmethod
    def _years(rows: QuerySet[Run]) -> list[int]:
        """From the newest run to the first."""
        ends = rows.aggregate(first=Min("starts_at"), last=Max("starts_at"))
        if ends["first"] is None:
            return []
        first, last = (timezone.localdate(ends[name]).year for name in ("first", "last"))
        return list(range(last, first - 1, -1))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The tables, the figures and the address of the workbook."""
        found: Report = kwargs["found"]
        query = self.request.GET.copy()
        query["format"] = "xlsx"
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "filtered": bool(kwargs["since"] or kwargs["until"]),
            "runs": found.runs[:AT_MOST],
            "more": max(0, len(found.runs) - AT_MOST),
            "figures": [figure for figure in (_filled(found), _absent(found)) if figure is not None],
            "workbook": f"?{query.urlencode()}",
            "by_group": [
                (_("By municipality"), _("Municipality"), found.municipalities),
                (_("By role"), _("Role"), found.roles),
            ],
        }


def _filled(found: Report) -> Figure | None:
    """Seats taken on held runs, by course."""
    rows = [line for line in found.courses if line.seats >= HIDE_BELOW]
    if not rows:
        return None
    facts = {"x": number(found.held.taken), "n": number(found.held.seats), "course": rows[0].name}
    title = _("%(x)s of %(n)s seats on held runs were taken; fullest was “%(course)s”") % facts
    return bars(
        [Rate(line.name, line.taken, line.seats) for line in rows[:BARS]],
        title=title,
        of=_("Course"),
        counted=_("Seats"),
        few=_("Hatched: fewer than 10 seats."),
    )


def _absent(found: Report) -> Figure | None:
    """Participants who did not come, by municipality."""
    rows = [line for line in found.municipalities if line.expected >= HIDE_BELOW]
    if not rows:
        return None

    def rate(line: Line) -> float:
        return line.absent / line.expected

    rows.sort(key=rate, reverse=True)
    facts = {"x": number(found.total.absent), "n": number(found.total.expected), "place": rows[0].name}
    if not found.total.absent:
        title = _("All %(n)s participants came to at least one session") % facts
    elif len(rows) > 1 and rate(rows[0]) > rate(rows[1]):
        title = _("%(x)s of %(n)s with a seat did not come; the largest share was in %(place)s") % facts
    else:
        title = _("%(x)s of %(n)s with a seat did not come") % facts
    return bars(
        [Rate(line.name, line.absent, line.expected) for line in rows[:BARS]],
        title=title,
        of=_("Municipality"),
        counted=_("Did not come"),
        few=_("Hatched: fewer than 10 with a seat."),
    )
