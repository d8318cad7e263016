"""`make bench`: start-up, a list, a move, a PDF, a public page, a search
and a race for seats, each beside its floor. Medians; times are processor time, for the search those on the wall.
"""

import os
import sys
from functools import partial
from unittest.mock import patch

import django

START = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
"""
FIRST_PAGE = START + "from django.test import Client; assert Client().get('/konto/login/').status_code == 200"
BARE_PAGE = (
    START
    + "from django.http import HttpResponse; from django.test import RequestFactory; "
    + "assert (lambda request: HttpResponse('x'))(RequestFactory().get('/')).status_code == 200"
)


def main() -> int:
    """Measure everything on a fresh database and print one line each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.test.utils import override_settings

    from tests import databases

    from . import searching
    from .pages import measure_pages

    databases.prepare("bench")
    name = str(settings.DATABASES["default"]["NAME"])
    say(f"{connection.vendor}, Python {sys.version.split()[0]}, Django {django.__version__}\n")
    say(f"{'':38} {'ours':>12} {'floor':>12}     ratio")
    from .measure import programs_in_turns

    connection.close()
    start = programs_in_turns(
        "start-up and first page", FIRST_PAGE.format(database=name), BARE_PAGE.format(database=name), rounds=5
    )
    say(str(start))
    # Rolled back in the end; a server error would be measured as a fast page, so answers are asserted.
    with transaction.atomic(), override_settings(ROOT_URLCONF="tests.benchmarks.urls"):
        measure_lists()
        measure_a_move()
        measure_a_pdf()
        for line in measure_pages():
            say(str(line))
        transaction.set_rollback(True)
    for line in searching.measure():
        say(str(line))
    measure_seats()
    return 0


def measure_lists() -> None:
    """The Task Force's queue of 250 applications, its first 50 rows."""
    from django.test import Client

    from tests import factories as f

    from .measure import in_turns

    for _ in range(250):
        f.ApplicationFactory(in_assessment=True)
    client = Client()
    client.force_login(f.StaffFactory(group="lead"))
    ours, floor = partial(client.get, "/ansoegninger/"), partial(client.get, "/bare/")
    assert ours().status_code == floor().status_code == 200
    say(str(in_turns("list of 50 of 250 applications", ours, floor, rounds=15)))


def measure_a_move() -> None:
    """Pause and resume an engagement with permission, audit entry and notices, beside two bare saves."""
    from django.db import transaction

    from engagements.lifecycle import move
    from tests import factories as f

    from .measure import in_turns

    lead = f.StaffFactory(group="lead")
    engagement, bare = f.EngagementFactory(), f.EngagementFactory()

    def ours() -> None:
        for step in ("pause", "resume"):
            move(engagement, step, by=lead, note="Ferie")

    def floor() -> None:
        for state in ("paused", "active"):
            with transaction.atomic():
                bare.state = state
                bare.save()

    say(str(in_turns("two moves of an engagement", ours, floor, rounds=15)))


def measure_a_pdf() -> None:
    """The council's page with its facts from the database, beside bare WeasyPrint on the same HTML."""
    from weasyprint import HTML

    from engagements.briefings.content import freeze
    from engagements.briefings.documents import briefing_pdf
    from engagements.records import pdf
    from tests.world import build

    from .measure import in_turns

    briefing = build().briefing
    briefing.content = freeze(briefing.engagement)
    with patch.object(pdf, "from_html", wraps=pdf.from_html) as made:
        briefing_pdf(briefing)
    html = made.call_args.args[0]
    stylesheet, fonts = pdf._shared()

    def floor() -> None:
        HTML(string=html, base_url="http://localhost/", url_fetcher=pdf._fetcher()).write_pdf(
            stylesheets=[stylesheet], font_config=fonts, pdf_variant="pdf/ua-1"
        )

    say(str(in_turns("the council's page as PDF", partial(briefing_pdf, briefing), floor, rounds=10)))


def measure_seats() -> None:
    """People who all want a seat at the same moment; here more is better."""
    from .seats import measure

    say(measure())


def say(line: str) -> None:
    """Print at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
