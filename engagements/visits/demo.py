"""The demonstration's visits: each of the fictional municipalities somewhere else between asking and looking back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from engagements.lifecycle import move
from engagements.municipalities.models import Municipality
from engagements.users.models import User

from . import evaluating, planning, services
from .models import Visit, VisitOffer

type Clock = Callable[[datetime], AbstractContextManager[datetime]]
"""Lets the services be called as if it were then."""

ASKS = (
    "En leder, der er vært og fører læringspunkterne videre\n"
    "To eller tre afgjorte sager, der ikke er påklaget, uden navne og CPR-numre\n"
    "Et lokale med skærm i fem timer\n"
    "En halv times forberedelse sammen med læringsteamet\n"
    "Et opfølgende møde efter tre måneder"
)
ASKS_EN = (
    "A leader who is the host and takes the learning points on\n"
    "Two or three decided cases that are not under appeal, without names and CPR numbers\n"
    "A room with a screen for five hours\n"
    "Half an hour of preparation with the learning team\n"
    "A meeting to follow up after three months"
)
PROGRAMME = (
    "9.00 Velkomst ved lederen\n9.15 Loven kort: hvad kræves, og hvornår\n10.00 Sag A i grupper\n"
    "11.30 Frokost\n12.15 Sag B i grupper\n13.30 Hvad gør vi fra i morgen? Læringspunkter"
)
CASES = (
    "Læs sag A og sag B med tre spørgsmål:\n"
    "1. Hvornår skulle der være fulgt op, og hvornår blev der det?\n"
    "2. Hvad siger barnet, og hvor står det?\n"
    "3. Hvad mangler for at afgøre, om målene er nået?\n"
)
COMMENTS = (
    "Godt at arbejde med vores egne sager.",
    "Nu ved jeg, hvor samtalen skal stå.",
    "Gerne mere tid til sag B.",
    "Vi mangler skabeloner – det tager vi med.",
    "Lederen bør deltage hele dagen.",
)


def tell(places: dict[str, Municipality], *, at: Clock, now: datetime) -> None:
    """Make the story once; running it again changes nothing."""
    if VisitOffer.objects.filter(visits__municipality__in=places.values()).exists():
        return
    learning = _staff("learning")
    general = _offer(
        at,
        learning,
        kind="general",
        title_da="Generelle besøg",
        title_en="General visits",
        summary_da="Læringsteamet kommer til jer og arbejder en dag med det, I selv finder svært, i jeres egne sager.",
        summary_en="The learning team comes to you and works for a day with what you find difficult, in your own cases.",
        starts_on=(now - timedelta(days=200)).date(),
        ends_on=(now + timedelta(days=150)).date(),
        opens_at=now - timedelta(days=230),
        places=6,
    )
    _looked_back(at, places["lillehavn"], learning, now - timedelta(days=190))
    _followed_up(at, places["korsbaek"], general, learning, now)
    _just_held(at, places["sundkoebing"], general, learning, now)
    _planned(at, places["nordager"], general, learning, now)
    _in_line(at, places, learning, now)


def _staff(name: str) -> User:
    return User.objects.get(email=f"{name}@taskforce.example")


def _leader(place: Municipality) -> User:
    return User.objects.get(email=f"leader@{place.slug}.example")


def _offer(at: Clock, by: User, **fields: Any) -> VisitOffer:
    with at(fields["opens_at"] - timedelta(days=7)):
        offer = services.make_offer(by=by, asks_da=ASKS, asks_en=ASKS_EN, **fields)
        return services.move_offer(offer, "publish", by=by)


def _theme(
    at: Clock, by: User, day: datetime, *, title: str, title_en: str, summary: tuple[str, str], places: int
) -> VisitOffer:
    """The thematic offer of the quarter this day lies in; opens three months before it begins."""
    begins = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    ends = (begins + timedelta(days=93)).replace(day=1) - timedelta(days=1)
    opens = timezone.make_aware(datetime(begins.year, begins.month, 1, 9)) - timedelta(days=90)  # noqa: DTZ001
    return _offer(
        at,
        by,
        kind="thematic",
        title_da=title,
        title_en=title_en,
        summary_da=summary[0],
        summary_en=summary[1],
        starts_on=begins,
        ends_on=ends,
        opens_at=opens,
        places=places,
    )


def _ask(
    at: Clock, place: Municipality, offer: VisitOffer, when: datetime, theme: str, problem: str, **audience: int
) -> Visit:
    with at(when):
        weeks = [week.code for week in offer.weeks()[2:6]]
        return services.request_visit(
            offer,
            municipality=place,
            by=_leader(place),
            theme=theme,
            problem=problem,
            audience=audience,
            weeks=weeks,
            place=f"{place.name} Rådhus, mødelokale 2",
            equipment="Skærm og tavle. Vi har ingen højttalere.",
            cases_confirmed=True,
        )


def _nine(day: datetime) -> datetime:
    """Nine o'clock on a weekday."""
    local = timezone.localtime(day).replace(hour=9, minute=0, second=0, microsecond=0)
    return local + timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)


def _plan(at: Clock, visit: Visit, when: datetime, day: datetime, *team: User) -> Visit:
    starts = _nine(day)
    with at(when):
        return planning.plan(
            visit,
            team=team,
            starts_at=starts,
            ends_at=starts + timedelta(hours=5),
            place=visit.place,
            programme=PROGRAMME,
            by=_staff("learning"),
        )


def _hold(at: Clock, visit: Visit, *, answers: int, **attended: int) -> Visit:
    """The day itself: everything is prepared, people come, some answer the evaluation."""
    starts, ends = visit.starts_at or timezone.now(), visit.ends_at or timezone.now()
    learning = _staff("learning")
    with at(starts - timedelta(days=2)):
        for row in visit.preparations.all():
            planning.tick(row, done=True, by=learning if row.side == "task_force" else _leader(visit.municipality))
    with at(ends + timedelta(minutes=10)):
        for number in range(answers):
            evaluating.answer(
                visit,
                nonce=f"demonstration-{number}",
                useful=5 - number % 2,
                own_practice=5 - number % 3,
                clear=4 - (number % 4 == 3),
                will_use=5 - number % 2,
                comment=COMMENTS[number // 2] if number % 2 == 0 and number // 2 < len(COMMENTS) else "",
            )
    with at(ends + timedelta(hours=3)):
        return services.hold(visit, attended=attended, by=learning)


def _looked_back(at: Clock, place: Municipality, learning: User, quarter: datetime) -> None:
    """Lillehavn had its visit long ago, and it has been looked back on."""
    offer = _theme(
        at,
        learning,
        quarter,
        title="Tema: Underretninger",
        title_en="Theme: Notifications of concern",
        summary=(
            "Fra underretning til vurdering inden for 24 timer: hvad skal stå i sagen, og hvem gør hvad?",
            "From notification to assessment within 24 hours: what belongs in the file, and who does what?",
        ),
        places=3,
    )
    asked = offer.opens_at + timedelta(days=12)
    visit = _ask(
        at,
        place,
        offer,
        asked,
        "Vurdering af underretninger inden for 24 timer",
        "Vi vurderer i tide, men skriver det ikke ned, og underretteren får ofte ingen kvittering.",
        caseworkers=14,
        leaders=2,
    )
    day = timezone.make_aware(datetime.combine(offer.starts_on, datetime.min.time())) + timedelta(days=30)
    visit = _plan(at, visit, asked + timedelta(days=9), day, learning, _staff("legal"))
    visit = _hold(at, visit, answers=11, caseworkers=13, leaders=2)
    leader, held = _leader(place), visit.held_at or quarter
    with at(held + timedelta(days=6)):
        for text, owner in (
            ("Skriv vurderingen i sagen samme dag efter en fast skabelon", "Teamleder, modtagelsen"),
            ("Send kvittering til underretter senest næste arbejdsdag", "Administrativ koordinator"),
        ):
            point = services.add_point(
                visit, text=text, owner=owner, due_on=timezone.localdate() + timedelta(days=50), by=leader
            )
        visit = move(visit, "follow_up", by=leader)
    with at(held + timedelta(days=50)):
        services.finish_point(visit.points.order_by("pk")[0], by=leader)
        services.finish_point(point, by=leader)
    with at(held + timedelta(days=92)):
        move(
            visit,
            "close",
            by=learning,
            note="Begge læringspunkter er indført, og de ti sager, lederen har set, er i orden.",
        )
        services.move_offer(VisitOffer.objects.get(pk=offer.pk), "close_requests", by=learning)


def _followed_up(at: Clock, place: Municipality, offer: VisitOffer, learning: User, now: datetime) -> None:
    """Korsbæk works on its learning points; one has become an action of its engagement."""
    visit = _ask(
        at,
        place,
        offer,
        now - timedelta(days=96),
        "Samtaler med barnet forud for afgørelsen",
        "Samtalerne holdes, men de står sjældent i sagen, og barnets egne ord går tabt i afgørelsen.",
        caseworkers=16,
        leaders=3,
        consultants=2,
    )
    visit = _plan(at, visit, now - timedelta(days=84), now - timedelta(days=43), learning, _staff("social"))
    visit = _hold(at, visit, answers=9, caseworkers=15, leaders=3, consultants=1)
    leader = _leader(place)
    with at(now - timedelta(days=36)):
        for text, owner, days in (
            ("Skriv barnets egne ord i et fast afsnit af afgørelsen", "Faglig leder, undersøgelse", 45),
            ("Hold et teammøde om måneden med en sag, der er gået godt", "Teamkoordinator", 20),
            ("Gør samtaleguiden til en del af introduktionen af nye medarbejdere", "Børne- og familiechef", 70),
        ):
            services.add_point(visit, text=text, owner=owner, due_on=(now + timedelta(days=days)).date(), by=leader)
        visit = move(visit, "follow_up", by=leader)
    with at(now - timedelta(days=30)):
        found = services.recommendations_for(visit).first()
        if found is not None:
            services.make_action(visit.points.order_by("pk")[0], found, by=leader)
        services.write_note(
            Visit.objects.get(pk=visit.pk),
            text="Ledelsen var med hele dagen. Aftal en kort opfølgning på mail om en måned.",
            by=learning,
            version=visit.version,
        )


def _just_held(at: Clock, place: Municipality, offer: VisitOffer, learning: User, now: datetime) -> None:
    """Sundkøbing was visited the other day; too few have answered to show the answers."""
    visit = _ask(
        at,
        place,
        offer,
        now - timedelta(days=60),
        "Begrundelse af afgørelser",
        "Afgørelserne er korte, og familierne ringer og spørger, hvorfor de fik nej.",
        caseworkers=11,
        lawyers=1,
    )
    visit = _plan(at, visit, now - timedelta(days=52), now - timedelta(days=8), learning)
    _hold(at, visit, answers=3, caseworkers=9, lawyers=1)


def _planned(at: Clock, place: Municipality, offer: VisitOffer, learning: User, now: datetime) -> None:
    """Nordager's visit is planned, and half of the preparation is done."""
    visit = _ask(
        at,
        place,
        offer,
        now - timedelta(days=33),
        "Opfølgning efter tre måneder",
        "Vi følger op, men ikke i tide, og vi er i tvivl om, hvad der skal stå i sagen.",
        caseworkers=12,
        providers=4,
        leaders=1,
    )
    visit = _plan(at, visit, now - timedelta(days=24), now + timedelta(days=19), learning, _staff("legal"))
    with at(now - timedelta(days=6)):
        paper = ContentFile(CASES.encode(), name="spoergsmaal-til-sagerne.txt")
        planning.add_material(visit, title="Spørgsmål til de to sager", file=paper, by=learning)
    with at(now - timedelta(days=5)):
        for row in visit.preparations.all()[:3]:
            planning.tick(row, done=True, by=learning if row.side == "task_force" else _leader(place))


def _in_line(at: Clock, places: dict[str, Municipality], learning: User, now: datetime) -> None:
    """The theme has one place: Korsbæk has it, Sundkøbing waits."""
    offer = _theme(
        at,
        learning,
        now + timedelta(days=45),
        title="Tema: Inddragelse af barnet",
        title_en="Theme: Involving the child",
        summary=(
            "Barnet er part i sin egen sag: samtalen, barnets ord i afgørelsen, og hvad man gør, når barnet ikke vil.",
            "The child is a party to its own case: the talk, the child's words in the decision, and what to do when the "
            "child does not want to.",
        ),
        places=1,
    )
    for days, slug, theme in (
        (9, "korsbaek", "De mindste børns perspektiv"),
        (4, "sundkoebing", "Når barnet ikke vil tale med os"),
    ):
        _ask(
            at,
            places[slug],
            offer,
            now - timedelta(days=days),
            theme,
            "Vi vil gerne arbejde med, hvordan vi forbereder samtalen, og hvordan vi skriver den ned bagefter.",
            caseworkers=10,
            leaders=1,
        )
