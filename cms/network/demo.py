"""The network's share of the demonstration: a theme, something to read, threads, a held meeting and one to come."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from cms.pages.reference import blocks_of
from courses.demo.clock import at, hour
from courses.enrolment.services import enrol
from courses.runs.models import Kind, Run
from engagements.lifecycle import move
from engagements.municipalities.models import Municipality
from engagements.people import demo as people
from engagements.people.models import Role
from engagements.users.models import User

from . import meetings, members, reference, services
from .library import LibraryPage, MembersPage, ThemePage
from .models import Meeting, MeetingMaterial, Topic
from .models_own import DirectoryEntry, WelcomeStep
from .models_threads import Thread

TEXTS = Path(__file__).parent / "texts"
THREADS = (
    (
        "Hvordan holder I tavlemøder korte?",
        "opfoelgning",
        -40,
        (
            (
                "korsbaek",
                "Vi har indført tavlemøder hver tirsdag, men de er vokset til en hel time. Hvad gør I andre for at "
                "holde jer til et kvarter?",
            ),
            (
                "lillehavn",
                "Vi står op, og vi har kun fire kolonner. Alt, der skal drøftes, tager to kolleger bagefter.",
            ),
            (
                "sundkoebing",
                "Hos os er det skiftet mellem mødeledere, der hjalp. Den, der leder mødet, må ikke selv have sager på "
                "tavlen den dag.",
            ),
            ("korsbaek", "Tak til jer begge. Vi prøver med fire kolonner og skiftende mødeleder fra næste uge."),
        ),
    ),
    (
        "Vakancer i modtagelsen hen over sommeren",
        "rekruttering",
        -19,
        (
            (
                "nordager",
                "To af vores fem i modtagelsen er stoppet. Har nogen erfaring med at låne folk fra andre teams uden at "
                "flytte problemet derhen?",
            ),
            (
                "korsbaek",
                "Vi lånte to i seks uger og aftalte på forhånd, hvilke opgaver de slap imens. Det var aftalen, der "
                "gjorde det muligt at sige nej til resten.",
            ),
        ),
    ),
    (
        "Hvilke tal viser I udvalget?",
        "data",
        -6,
        (
            (
                "sundkoebing",
                "Vores udvalg har bedt om faste tal for sagsarbejdet. Hvad viser I, og hvor ofte? Jeg er især i tvivl "
                "om, hvordan I viser små tal uden at love for meget.",
            ),
            (
                "lillehavn",
                "Vi viser tre tal hvert kvartal, altid som »x af n«, og så en fast sætning om, hvad tallet ikke siger.",
            ),
        ),
    ),
)
AGENDA = (
    "Velkomst og siden sidst\nTre kommuner fortæller om deres ledelsestilsyn\nFrokost\n"
    "Arbejde i grupper: Hvilke krav vil I læse efter?\nAftaler om det næste halve år"
)
MINUTES = (
    "Tre kommuner viste, hvordan de læser sager. Fælles for dem er, at sagerne trækkes tilfældigt, og at de samme få "
    "krav går igen hver måned.\n\nI grupperne valgte de fleste at begynde med børnesamtalen og fristerne.\n\n"
    "Vi aftalte, at alle prøver med ti sager inden næste møde, og at vi deler skemaerne i tråden om tal."
)


def tell() -> None:
    """Make everything once; who the members are is brought in step first."""
    reference.ensure()
    members.keep_in_step()
    if Thread.objects.exists():
        return
    theme = _theme()
    pages = [_page(path) for path in sorted(TEXTS.glob("[0-9]*.html"))]
    _welcome(pages, theme)
    _threads()
    _meetings()
    _directory()


def _leader(place: str) -> User:
    return people.account(Role.LEADER, people.DOMAINS[place])


def _editor() -> User:
    return people.account("network", people.STAFF_DOMAIN)


def _read(path: Path) -> tuple[dict[str, str], str]:
    head, _, html = path.read_text(encoding="utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), html.strip()


def _add[P: MembersPage](page: P, topics: str, html: str) -> P:
    page.body = blocks_of(html)  # type: ignore[assignment]
    parent = reference.library()
    if parent is not None:
        parent.add_child(instance=page)
        page.topics.set(Topic.objects.filter(key__in=topics.split()))
        page.save()
        page.save_revision().publish()
    return page


def _theme() -> ThemePage:
    facts, html = _read(TEXTS / "tema.html")
    year = timezone.localdate().year
    known = ThemePage.objects.filter(year=year).first()
    page = ThemePage(title=facts["title"], slug=f"tema-{year}", year=year, lead=facts["lead"])
    return known or _add(page, facts["topics"], html)


def _page(path: Path) -> LibraryPage:
    facts, html = _read(path)
    known = LibraryPage.objects.filter(slug=facts["slug"]).first()
    page = LibraryPage(title=facts["title"], slug=facts["slug"], lead=facts["lead"])
    return known or _add(page, facts["topics"], html)


def _welcome(pages: list[LibraryPage], theme: ThemePage) -> None:
    if WelcomeStep.objects.exists():
        return
    steps: tuple[dict[str, Any], ...] = (
        {"title": pages[0].title, "text": "Hvad du kan bruge møder, tråde og materiale til.", "page": pages[0]},
        {"title": pages[1].title, "text": "Fem ting, der er værd at gøre tidligt.", "page": pages[1]},
        {"title": theme.title, "text": "Årets tema, og hvad der hører til det.", "page": theme},
        {"title": pages[2].title, "text": "Så ved du, hvordan det står til i sagerne.", "page": pages[2]},
        {
            "title": "Vælg, hvad de andre ser om dig",
            "text": "Din e-mailadresse vises kun, hvis du selv siger ja.",
            "address": "/netvaerk/mig/",
        },
    )
    WelcomeStep.objects.bulk_create(WelcomeStep(order=order, **step) for order, step in enumerate(steps, 1))


def _threads() -> None:
    for title, topic, day, posts in THREADS:
        (first, opening), *rest = posts
        with at(hour(day, 10)):
            thread = services.start_thread(
                title=title, text=opening, topics=Topic.objects.filter(key=topic), by=_leader(first)
            )
        for number, (place, text) in enumerate(rest, 1):
            with at(hour(day + number, 13)):
                services.reply(thread, text=text, by=_leader(place))


def _meetings() -> None:
    editor = _editor()
    with at(hour(-75)):
        held = meetings.plan_meeting(
            theme="Ledelsestilsyn, der bliver gennemført",
            starts_at=hour(-34, 9),
            ends_at=hour(-34, 15),
            place="Hotel Fjorden, Vejle",
            agenda=AGENDA,
            topics=Topic.objects.filter(key__in=["ledelse", "data"]),
            by=editor,
        )
        move(held.run, "publish", by=editor)
    for number, place in enumerate(("korsbaek", "lillehavn", "sundkoebing")):
        _enrol(held.run, place, hour(-60 + number))
    _add_material(held, MeetingMaterial.When.AFTER, by=editor)
    with at(hour(-30)):
        held = meetings.write_minutes(held, minutes=MINUTES, version=_version(held), by=editor)
        meetings.share_minutes(held, by=editor)
    for run in Run.objects.filter(kind=Kind.MEETING, network_meeting__isnull=True).exclude(state="draft"):
        theme = run.title.removeprefix("Netværksmøde: ")
        meeting = Meeting.objects.create(run=run, theme=theme, agenda=AGENDA)
        meeting.topics.set(Topic.objects.filter(key="ledelse"))
        if run.starts_at > timezone.now():
            meetings.add_guest(
                meeting, name="Ulla", title="ledende sundhedsplejerske", organisation="Nordager Kommune", by=editor
            )


def _version(meeting: Meeting) -> int:
    return Meeting.objects.values_list("version", flat=True).get(pk=meeting.pk)


def _enrol(run: Run, place: str, moment: datetime) -> None:
    leader = _leader(place)
    with at(moment):
        enrol(run, [leader], by=leader, municipality=Municipality.objects.get(slug=place), at=moment)


def _add_material(meeting: Meeting, when: str, *, by: User) -> None:
    text = (
        "Skema til ledelsestilsyn\n\n1. Er der talt med barnet?\n2. Er fristen holdt?\n3. Kan begrundelsen forstås?\n"
    )
    file = ContentFile(text.encode(), name="skema-til-ledelsestilsyn.txt")
    meetings.add_material(meeting, title="Skema til ledelsestilsyn", when=when, file=file, by=by)


def _directory() -> None:
    for place, about in (
        ("korsbaek", "Vi er midt i en udviklingsplan og fortæller gerne om begyndelsen."),
        ("lillehavn", "Tavlemøder og ledelsestilsyn i en lille kommune."),
    ):
        DirectoryEntry.objects.get_or_create(
            person=_leader(place), defaults={"shows_email": True, "about": about, "phone": ""}
        )
