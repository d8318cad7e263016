"""The demonstration's runs: in every standing, with people on them, and two that have been held."""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any

from courses.catalogue import demo as catalogue
from courses.catalogue.models import Course
from courses.catalogue.services import show_interest
from courses.completion import services as completion
from courses.completion.models import EvaluationQuestion
from courses.enrolment import services as enrolment
from courses.enrolment.models import Enrolment, Policy
from courses.runs import services as runs
from courses.runs.models import Kind, Question, Run, Teacher
from engagements.lifecycle import move
from engagements.municipalities.models import Municipality
from engagements.people import demo as people
from engagements.people.models import Role
from engagements.users.models import User

from .clock import DAY, at, hour

ODENSE = ("Odeon, Odense", "Odeons Kvarter 1, 5000 Odense C")
VEJLE = ("Hotel Fjorden, Vejle", "Havnegade 2, 7100 Vejle")
RINGSTED = ("Konferencecentret, Ringsted", "Torvet 5, 4100 Ringsted")
ONLINE = "https://moede.taskforce.example/kursus"
KEEP = (
    "Gode eksempler, som vi kan bruge i morgen.",
    "Rart at høre, hvordan andre kommuner gør.",
    "Skemaet til samtalen er allerede i brug hos os.",
    "Underviserne, som selv har siddet med sagerne.",
    "At vi arbejdede med vores egne sager i små grupper.",
    "Oplægget om, hvad Ankestyrelsen lægger vægt på.",
    "Gennemgangen af loven trin for trin.",
)
CHANGE = (
    "Mere tid til øvelserne om eftermiddagen.",
    "Send gerne materialet ud før kursusdagen.",
    "Lidt færre slides og flere cases.",
    "Et kort opfølgende møde efter nogle måneder ville være godt.",
    "Lokalet var for lille til gruppearbejdet.",
)


def tell() -> dict[str, Course]:
    """Make everything, once; the courses by the last part of their address."""
    story = Story()
    if not Run.objects.filter(created_by=story.office).exists():
        story.tell()
    return {course.slug: course for course in Course.objects.all()}


class Story:
    """Who is in it, and what happens."""

    def __init__(self) -> None:
        self.random = Random(2026)  # noqa: S311 - a story, not a secret
        self.office = people.account("courses", people.STAFF_DOMAIN)
        self.network = people.account("network", people.STAFF_DOMAIN)
        self.places = {place.slug: place for place in Municipality.objects.filter(slug__in=people.DOMAINS)}
        self.leaders = {slug: people.account(Role.LEADER, people.DOMAINS[slug]) for slug in self.places}
        self.staff = {slug: people.colleagues(place) for slug, place in self.places.items()}
        self.courses: dict[str, Course] = {}

    def tell(self) -> None:
        """The past first."""
        with at(hour(-500)):
            self.courses = catalogue.ensure(by=self.office)
        self._held_last_year()
        self._held_for_leaders()
        self._held_in_spring()
        self._held()
        self._held_a_month_ago()
        self._running()
        self._closed()
        self._waiting_list()
        self._few_left()
        self._open()
        self._for_leaders()
        self._theme_day()
        self._network_meeting()
        self._opens_soon()
        enrolment.settle_due()
        for slug in self.places:
            show_interest(self.courses["samvaer-under-anbringelse"], by=self.staff[slug][2])

    # How a run is made and filled ------------------------------------------------------------------
    def _run(
        self,
        slug: str | None,
        days: Sequence[int],
        *,
        opens: int,
        closes: int,
        place: tuple[str, str] | None,
        **facts: Any,
    ) -> Run:
        """Plan a run with a session on each of these days and publish it, four weeks before enrolment opens."""
        facts.setdefault("contact", f"kurser@{people.STAFF_DOMAIN}")
        by = facts.pop("by", self.office)
        where: dict[str, Any] = {"place": place[0], "address": place[1]} if place else {"online_link": ONLINE}
        sessions = [runs.SessionPlan(hour(day), hour(day, 15), **where) for day in days]
        with at(hour(min(opens, 0)) - 28 * DAY):
            run = runs.plan_run(
                by=by,
                course=self.courses[slug] if slug else None,
                starts_at=sessions[0].starts_at,
                ends_at=sessions[-1].ends_at,
                sessions=sessions,
                opens_at=hour(opens, 8),
                closes_at=hour(closes, 12),
                **facts,
            )
            teachers = [Teacher(name="Hanne", title="socialfaglig konsulent", user=self._teacher("social"))]
            if len(days) > 1:
                teachers.append(Teacher(name="Peter", title="juridisk konsulent", user=self._teacher("legal")))
            runs.set_teachers(run, teachers, by=by)
            return move(run, "publish", by=by)

    def _teacher(self, name: str) -> User:
        return people.account(name, people.STAFF_DOMAIN)

    def _enrol(self, run: Run, day: int, slug: str, who: Iterable[User], **how: Any) -> list[Enrolment]:
        """A leader enrols colleagues on that day."""
        with at(hour(day, 10)) as moment:
            return enrolment.enrol(run, who, by=self.leaders[slug], municipality=self.places[slug], at=moment, **how)

    def _fill(self, run: Run, day: int, *, seniors: bool = False, **shares: int) -> list[Enrolment]:
        """So many of each municipality on days after one another: by lot, or those who have been to many courses."""
        found: list[Enrolment] = []
        for number, (slug, count) in enumerate(shares.items()):
            staff = self.staff[slug]
            found += self._enrol(
                run, day + number, slug, staff[:count] if seniors else self.random.sample(staff, count)
            )
        return found

    def _cancel(self, row: Enrolment, day: int, note: str = "") -> None:
        with at(hour(day, 11)) as moment:
            enrolment.cancel(row, by=row.person, note=note, at=moment)

    # Held -----------------------------------------------------------------------------------------
    def _attend(self, run: Run, absent: Callable[[int, int], bool]) -> None:
        """Note attendance at every session; `absent` says of the n-th person and session."""
        seated = list(run.enrolments.seated().order_by("pk"))
        for number, session in enumerate(run.sessions.order_by("starts_at")):
            marks = {row.pk: completion.Mark(None, not absent(index, number)) for index, row in enumerate(seated)}
            with at(session.ends_at) as moment:
                completion.note_attendance(session, marks, by=self.office, at=moment)

    def _evaluate(self, run: Run, answers: int) -> None:
        """The first so many of those who were there evaluate."""
        there = run.enrolments.seated().filter(attendance__present=True).distinct().select_related("person")
        questions = completion.evaluation_questions(run)
        for number, row in enumerate(there.order_by("pk")[:answers]):
            row.run = run
            given = {question.pk: self._answer(question, number) for question in questions}
            completion.evaluate(row, given, by=row.person, at=run.ends_at + DAY)

    def _answer(self, question: EvaluationQuestion, number: int) -> int | str:
        if question.answered == EvaluationQuestion.Answered.SCORE:
            return self.random.choice((3, 4, 4, 5, 5))
        said = KEEP if question.text == "What should we keep?" else CHANGE
        return said[number] if number < len(said) else ""

    def _conclude(self, run: Run) -> None:
        with at(run.ends_at + 2 * DAY) as moment:
            completion.issue_certificates(run, by=self.office, at=moment)

    def _held_last_year(self) -> None:
        run = self._run(
            "boernefaglig-undersoegelse", [-400, -393, -379], opens=-460, closes=-414, place=VEJLE, capacity=20
        )
        self._fill(run, -455, seniors=True, lillehavn=6, korsbaek=5, sundkoebing=4)
        self._attend(run, lambda person, session: person == 3 and session > 0)
        self._conclude(run)

    def _held_for_leaders(self) -> None:
        """Two courses of one learning path, so that some have completed it."""
        audits = self._run("ledelsestilsyn", [-250], opens=-320, closes=-264, place=ODENSE, capacity=16)
        reasons = self._run(
            "afgoerelser-familien-forstaar", [-176, -169], opens=-230, closes=-190, place=VEJLE, capacity=18
        )
        for number, slug in enumerate(("korsbaek", "lillehavn", "sundkoebing")):
            self._enrol(audits, -310 + number, slug, self._leading(slug)[:2])
            self._enrol(reasons, -225 + number, slug, [*self._leading(slug)[1:2], *self.staff[slug][:3]])
        for run in (audits, reasons):
            self._attend(run, lambda person, session: person == 4)
            self._conclude(run)

    def _held_in_spring(self) -> None:
        run = self._run("inddragelse-af-barnet", [-210, -182], opens=-270, closes=-224, place=RINGSTED, capacity=18)
        self._fill(run, -265, seniors=True, korsbaek=5, nordager=4, sundkoebing=4)
        self._attend(run, lambda person, session: person == 7)
        self._conclude(run)

    def _held(self) -> None:
        run = self._run(
            "underretninger-24-timer",
            [-120],
            opens=-170,
            closes=-130,
            place=RINGSTED,
            capacity=12,
            certificate_rule=Run.CertificateRule.AT_LEAST,
            certificate_sessions=1,
        )
        rows = self._fill(run, -165, seniors=True, korsbaek=5, nordager=4, lillehavn=3, sundkoebing=3)
        self._cancel(rows[1], -150)
        self._cancel(rows[6], -122, "Akut vagt i modtagelsen.")
        self._attend(run, lambda person, session: person in (2, 8))
        self._evaluate(run, 6)
        self._conclude(run)

    def _held_a_month_ago(self) -> None:
        run = self._run(
            "jura-for-nye-sagsbehandlere", [-44, -37, -30], opens=-90, closes=-51, place=ODENSE, capacity=16
        )
        rows = self._fill(run, -88, seniors=True, korsbaek=5, sundkoebing=4, nordager=4)
        caseworker = people.account(Role.CASEWORKER, people.DOMAINS["korsbaek"])
        self._enrol(run, -84, "korsbaek", [caseworker])
        self._cancel(rows[0], -46, "Sygdom i familien.")
        self._attend(run, lambda person, session: (person == 5 and session == 2) or person == 9)
        self._evaluate(run, 8)
        self._conclude(run)

    # Under way, closed, cancelled --------------------------------------------------------------------
    def _running(self) -> None:
        run = self._run("inddragelse-af-barnet", [-4, 24], opens=-60, closes=-11, place=VEJLE, capacity=18)
        self._fill(run, -55, korsbaek=5, nordager=3, sundkoebing=5)
        session = run.sessions.order_by("starts_at")[0]
        seated = run.enrolments.seated().order_by("pk")
        marks = {row.pk: completion.Mark(None, index != 4) for index, row in enumerate(seated)}
        with at(session.ends_at) as moment:
            completion.note_attendance(session, marks, by=self.office, at=moment)

    def _closed(self) -> None:
        run = self._run("barnets-plan-og-opfoelgning", [6, 13], opens=-45, closes=-2, place=ODENSE, capacity=14)
        self._fill(run, -40, lillehavn=4, korsbaek=4, nordager=3)

    def _for_leaders(self) -> None:
        """A run with too few is cancelled, and its people may choose the next."""
        late = self._run(
            "ledelsestilsyn", [12], opens=-40, closes=4, place=RINGSTED, capacity=20, minimum=10, audience="leaders"
        )
        following = self._run(
            "ledelsestilsyn", [54], opens=-20, closes=40, place=ODENSE, capacity=20, minimum=6, audience="leaders"
        )
        for slug in ("korsbaek", "sundkoebing"):
            self._enrol(late, -30, slug, self._leading(slug)[:2])
        with at(hour(-3, 13)) as moment:
            enrolment.cancel_run(
                late,
                by=self.office,
                note="Der er for få tilmeldte til, at holdet kan gennemføres.",
                offers=[following],
                at=moment,
            )
        for slug in ("korsbaek", "lillehavn", "nordager"):
            self._enrol(following, -2, slug, self._leading(slug)[:2])

    def _leading(self, slug: str) -> list[User]:
        domain = people.DOMAINS[slug]
        return [people.account(role, domain) for role in (Role.LEADER, Role.COORDINATOR, Role.DIRECTOR)]

    # Ahead ----------------------------------------------------------------------------------------
    def _waiting_list(self) -> None:
        """Full; a group that wants to sit together and others wait, and one has been offered a seat."""
        run = self._run(
            "underretninger-24-timer",
            [23],
            opens=-30,
            closes=14,
            place=None,
            capacity=10,
            promotion=Run.Promotion.OFFER,
            offer_hours=72,
        )
        rows = self._fill(run, -29, sundkoebing=4, lillehavn=4, korsbaek=2)
        self._enrol(run, -12, "nordager", self.staff["nordager"][:3], together=True)
        caseworker = people.account(Role.CASEWORKER, people.DOMAINS["korsbaek"])
        self._enrol(run, -10, "korsbaek", [caseworker, self.staff["korsbaek"][11]])
        self._enrol(run, -6, "lillehavn", [people.account(Role.CASEWORKER, people.DOMAINS["lillehavn"])])
        self._cancel(rows[0], -1)

    def _few_left(self) -> None:
        run = self._run(
            "jura-for-nye-sagsbehandlere",
            [30, 37, 44],
            opens=-25,
            closes=20,
            place=VEJLE,
            capacity=16,
            training_last=False,
        )
        self._fill(run, -24, sundkoebing=5, nordager=4, lillehavn=3, korsbaek=2)

    def _open(self) -> None:
        """Quotas, seats reserved for the municipality of an engagement, and a request that awaits approval."""
        run = self._run(
            "boernefaglig-undersoegelse",
            [42, 49, 63],
            opens=-14,
            closes=32,
            place=ODENSE,
            capacity=24,
            quota=6,
            release_at=hour(18, 12),
            description="Der er reserveret pladser til kommuner i et Task Force-forløb, indtil de frigives.",
        )
        with at(hour(-20)) as moment:
            enrolment.set_shares(run, quota=6, shares=[(self.places["korsbaek"], 8, 4)], by=self.office, at=moment)
            runs.set_questions(
                run,
                [
                    Question(text="Har du særlige ønsker til maden?"),
                    Question(text="Har du behov, vi skal tage højde for, fx adgang med kørestol?"),
                ],
                by=self.office,
            )
        self._fill(run, -13, lillehavn=4, korsbaek=2, sundkoebing=6)
        Policy.objects.update_or_create(
            municipality=self.places["nordager"], defaults={"approval_required": True, "answer_days": 7}
        )
        asking = people.account(Role.CASEWORKER, people.DOMAINS["nordager"])
        with at(hour(-2, 14)) as moment:
            enrolment.enrol(run, [asking], by=asking, at=moment)

    def _opens_soon(self) -> None:
        self._run("inddragelse-af-barnet", [76, 104], opens=9, closes=62, place=RINGSTED, capacity=18)
        self._run("afgoerelser-familien-forstaar", [90, 97], opens=20, closes=76, place=ODENSE, capacity=20)

    def _theme_day(self) -> None:
        run = self._run(
            None,
            [35],
            opens=-10,
            closes=28,
            place=ODENSE,
            capacity=60,
            kind=Kind.THEME_DAY,
            own_title="Temadag: Barnets stemme i afgørelsen",
            description="Oplæg fra kommuner, der er lykkedes med at inddrage børn, og værksteder på tværs.",
        )
        runs.set_questions(
            run,
            [
                Question(
                    text="Hvilket værksted vælger du?",
                    answered=Question.Answered.CHOICE,
                    choices="Samtalen\nBørnenotatet\nAfgørelsen",
                    required=True,
                )
            ],
            by=self.office,
        )
        self._fill(run, -9, korsbaek=5, nordager=4, sundkoebing=7, lillehavn=3)

    def _network_meeting(self) -> None:
        run = self._run(
            None,
            [17],
            opens=-21,
            closes=15,
            place=VEJLE,
            capacity=40,
            kind=Kind.MEETING,
            own_title="Netværksmøde: Ledelsestilsyn i hverdagen",
            members_only=True,
            audience="leaders",
            certificate_rule=Run.CertificateRule.NONE,
            by=self.network,
        )
        for number, slug in enumerate(("korsbaek", "lillehavn", "sundkoebing")):
            self._enrol(run, -18 + number, slug, self._leading(slug)[:2])
