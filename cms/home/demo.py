"""The demonstration's story: four fictional municipalities, each somewhere else in the two years.

Lillehavn has finished and was measured again; Korsbæk is in the middle of its development plan; Nordager has applied
and is being assessed; Sundkøbing is writing its application. Everything is done through the services, at the moments
when it would have happened; dates follow from today, so the story is always fresh.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from cms.network import demo as network
from cms.pages import demo as course_texts
from cms.pages.reference import write_programme_pages
from courses.demo import story as courses
from courses.demo.clock import at
from engagements.applications import deciding
from engagements.applications import demo as applications
from engagements.applications import services as applying
from engagements.applications.models import Application, Assessment
from engagements.briefings import services as briefings
from engagements.findings import demo as findings
from engagements.findings.models import Recommendation
from engagements.followup import services as followup
from engagements.followup.models import Action
from engagements.lifecycle import move
from engagements.municipalities.demo import ensure_fictional
from engagements.municipalities.models import Municipality
from engagements.notices.models import Notice, OutboxMessage
from engagements.people import demo as people
from engagements.programme import services as programme
from engagements.programme.models import Competence, Engagement, Milestone, Offer, Phase, PhaseKind, Round
from engagements.questions import demo as questions
from engagements.requirements import demo as requirements
from engagements.requirements.models import Requirement
from engagements.reviews import demo as reviews
from engagements.reviews import services as reviewing
from engagements.reviews.models import Review
from engagements.users.models import User
from engagements.visits import demo as visits

MONTH = timedelta(days=30)
STRONG = {"UND-24T": 0.97, "BFU-SAM": 0.95}
"""What these municipalities are good at, so that a report has strengths as well as weaknesses."""
ACTIONS = (
    (
        "Indfør en fast dagsorden for børnesamtaler",
        "Faglig leder, undersøgelse",
        "Barnets egne ord står i hver afgørelse.",
    ),
    ("Ugentlig gennemgang af frister på tavlemøde", "Afdelingsleder, myndighed", "Ingen frist overskrides uset."),
    (
        "Skabelon for opfølgning efter tre måneder",
        "Faglig leder, foranstaltning",
        "Familien ved, hvornår der følges op.",
    ),
    ("Undervisning i begrundelse og partshøring", "Børne- og familiechef", "Familien kan forstå afgørelsen."),
    ("Månedligt ledelsestilsyn med ti sager", "Børne- og familiechef", "Lederen ser fejl, før familien gør."),
    ("Kvittering til underretter sendes samme dag", "Teamkoordinator, modtagelsen", "Skoler og dagtilbud får svar."),
)
EVIDENCE = (
    "Tiltaget er vedtaget på ledermødet, beskrevet i håndbogen og gennemgået på et teammøde for alle sagsbehandlere."
)


@transaction.atomic
def tell() -> None:
    """Make everything that is not there yet; running it again changes nothing."""
    places = ensure_fictional()
    people.ensure()
    requirements.ensure()
    write_programme_pages()
    with translation.override("da"):
        rounds = _rounds(timezone.now())
        _lillehavn(places["lillehavn"], rounds[0])
        _korsbaek(places["korsbaek"], rounds[1])
        _nordager(places["nordager"], rounds[2])
        _sundkoebing(places["sundkoebing"], rounds[2])
        visits.tell(places, at=at, now=timezone.now())
        questions.tell(at)
        course_texts.ensure(courses.tell())
        network.tell()
    # What was written while the story was told is history: nobody is mailed about it today.
    OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).update(
        state=OutboxMessage.State.SENT, sent_at=timezone.now()
    )


def person(role: str, place: str) -> User:
    """The account of a role."""
    return User.objects.get(email=f"{role}@{place}.example")


def staff(name: str) -> User:
    """An account of the Task Force."""
    return User.objects.get(email=f"{name}@taskforce.example")


def _noon(day: datetime) -> datetime:
    """12:00 on the first weekday from `day` on."""
    local = timezone.localtime(day).replace(hour=12, minute=0, second=0, microsecond=0)
    return local + timedelta(days=max(0, 7 - local.weekday()) if local.weekday() > 4 else 0)


def _rounds(now: datetime) -> list[Round]:
    offer = Offer.objects.get(key="task-force")
    closings = (now - 23 * MONTH, now - 14 * MONTH, now + timedelta(days=18), now + 7 * MONTH)
    made = []
    for number, closing in enumerate(closings, start=1):
        # The places of a round are found again by number, whatever day the story was first told.
        found = Round.objects.filter(title__startswith=f"{number}. ansøgningsrunde").first()
        closes = _noon(closing)
        made.append(
            found
            or Round.objects.create(
                offer=offer,
                title=f"{number}. ansøgningsrunde {timezone.localtime(closes).year}",
                opens_at=_noon(closes - timedelta(weeks=10)),
                closes_at=closes,
                answer_by=(closes + timedelta(days=56)).date(),
                capacity=4,
            )
        )
    return made


def _apply(place: Municipality, round: Round, *, seed: int, submitted: datetime) -> Application:
    leader, director = person("leader", place.slug), person("director", place.slug)
    with at(submitted - timedelta(days=9)):
        application = applying.begin_application(municipality=place, round=round, by=leader)
        applications.fill(application, seed, by=leader)
    with at(submitted - timedelta(days=2)):
        applying.request_sign_off(application, email=director.email, by=leader)
    with at(submitted - timedelta(days=1)):
        applying.sign_off(application, by=director)
    with at(submitted):
        return applying.submit_application(application, by=leader)


def _assess(application: Application, *agencies: str, seed: int, day: datetime) -> None:
    for agency in agencies:
        given, comment = applications.scores(agency, seed)
        with at(day):
            deciding.assess(application, agency=agency, scores=given, comment=comment, complete=True, by=staff(agency))


def _engagement(place: Municipality, round: Round, *, seed: int, submitted: datetime) -> Engagement:
    application = _apply(place, round, seed=seed, submitted=submitted)
    _assess(application, *Assessment.Agency.values, seed=seed, day=submitted + timedelta(days=20))
    with at(submitted + timedelta(days=30)):
        deciding.decide(
            application,
            outcome=deciding.ACCEPT,
            reason="Kommunen har politisk opbakning, en klar projektorganisation og et tydeligt behov.",
            by=staff("lead"),
        )
    engagement = Engagement.objects.get(application=application)
    for name, competence in (("legal", Competence.LEGAL), ("social", Competence.SOCIAL)):
        if not engagement.team.filter(user=staff(name)).exists():
            programme.add_to_team(engagement, user=staff(name), competence=competence, by=staff("lead"))
    return engagement


def _review(engagement: Engagement, kind: str, *, seed: int, day: datetime, gain: float = 0.0) -> Review:
    """Twenty cases read and recorded; `gain` lifts every share."""
    wanted = Requirement.objects.filter(code__in=reviews.SHARES)
    shares = {code: min(share + gain, 0.97) for code, share in reviews.SHARES.items()} | STRONG
    legal = staff("legal")
    with at(day):
        review = reviewing.open_review(
            engagement=engagement, kind=kind, requirements=wanted, by=legal, planned_cases=20, drawn_at_random=True
        )
        reviews.fill(review, seed, shares, by=legal)
        return move(review, "close", by=legal)


def _report(engagement: Engagement, review: Review, kind: str, *, seed: int, day: datetime) -> None:
    with at(day - timedelta(days=10)):
        findings.fill(engagement, review, seed)
    with at(day):
        findings.publish(engagement, kind)


def _follow_up(engagement: Engagement, *, day: datetime, done: int, reported: int, overdue: int) -> list[Action]:
    """Reply to every recommendation and plan an action on each; the first are verified, the next reported done."""
    place = engagement.municipality.slug
    leader = person("leader", place)
    made = []
    for number, recommendation in enumerate(Recommendation.objects.filter(engagement=engagement).published()):
        title, owner, effect = ACTIONS[number % len(ACTIONS)]
        with at(day):
            followup.reply_to(
                recommendation,
                stance="follow",
                text="Vi følger anbefalingen og har aftalt, hvem der gør hvad.",
                by=leader,
            )
            due = timezone.localdate() + timedelta(days=60 + 15 * number)
            action = followup.plan_action(
                recommendation, title=title, owner=owner, due_on=due, effect=effect, by=leader
            )
            move(action, "start", by=leader)
        made.append(action)
    for action in made[: done + reported]:
        with at(day + timedelta(days=55)):
            followup.report_done(action, evidence=EVIDENCE, by=leader)
    for action in made[:done]:
        with at(day + timedelta(days=62)):
            move(action, "verify", by=staff("social"))
    # The rest is still ahead, except for those that should have been done by now.
    today = timezone.localdate()
    for number, action in enumerate(made[done + reported :]):
        days = -(9 + 12 * number) if number < overdue else 30 + 20 * number
        Action.objects.filter(pk=action.pk).update(due_on=today + timedelta(days=days))
    return made


def _pass_phases(engagement: Engagement, *, finished: int) -> None:
    """Finish the first phases on their planned last day, with what was to be reached in them."""
    for phase in Phase.objects.filter(engagement=engagement).order_by("order")[:finished]:
        Phase.objects.filter(pk=phase.pk).update(finished_on=phase.ends_on)
        reached = Milestone.objects.filter(engagement=engagement, due_on__lte=phase.ends_on, reached_on=None)
        for milestone in reached:
            Milestone.objects.filter(pk=milestone.pk).update(reached_on=milestone.due_on)


def _brief(engagement: Engagement, text: str, *, day: datetime) -> None:
    director = person("director", engagement.municipality.slug)
    legal = staff("legal")
    with at(day):
        briefing = briefings.begin_briefing(engagement, by=legal)
        briefings.change_briefing(
            briefing,
            version=briefing.version,
            by=legal,
            status_text=text,
            decision_asked="At orienteringen tages til efterretning, og at udvalget får en ny status om tre måneder.",
            questions="Hvilke tiltag er I mest bekymrede for?\nHvordan sikrer I, at der tales med barnet først?\n"
            "Hvem følger op, når en frist er overskredet?",
            next_date=(day + timedelta(days=90)).date(),
        )
        move(briefing, "send_to_director", by=legal)
    with at(day + timedelta(days=3)):
        move(briefing, "release", by=director)


def _lillehavn(place: Municipality, round: Round) -> None:
    """Two years done: measured again, reported, closed."""
    if Engagement.objects.filter(municipality=place).exists():
        return
    start = round.closes_at
    engagement = _engagement(place, round, seed=3, submitted=start - timedelta(days=4))
    baseline = _review(engagement, Review.Kind.BASELINE, seed=31, day=start + 4 * MONTH, gain=-0.08)
    _report(engagement, baseline, "analysis", seed=31, day=start + 7 * MONTH)
    _follow_up(engagement, day=start + 8 * MONTH, done=99, reported=0, overdue=0)
    status = _review(engagement, Review.Kind.STATUS, seed=32, day=start + 21 * MONTH, gain=0.28)
    _report(engagement, status, "status", seed=32, day=start + 22 * MONTH)
    _pass_phases(engagement, finished=4)
    _brief(
        engagement,
        "Forløbet er afsluttet. Sagerne er læst igen, og på de fleste lovkrav er der fremgang. Kommunen følger selv de "
        "sidste tiltag til dørs.",
        day=start + 22 * MONTH + timedelta(days=5),
    )
    with at(start + 22 * MONTH + timedelta(days=14)):
        move(engagement, "close", by=staff("lead"))


def _korsbaek(place: Municipality, round: Round) -> None:
    """In the middle: analysed, answered, at work; two actions are late."""
    if Engagement.objects.filter(municipality=place).exists():
        return
    start = round.closes_at
    now = timezone.now()
    engagement = _engagement(place, round, seed=1, submitted=start - timedelta(days=3))
    baseline = _review(engagement, Review.Kind.BASELINE, seed=11, day=start + 4 * MONTH)
    _report(engagement, baseline, "analysis", seed=11, day=start + 8 * MONTH)
    _follow_up(engagement, day=start + 9 * MONTH, done=2, reported=1, overdue=2)
    _pass_phases(engagement, finished=2)
    with at(now - timedelta(days=12)):
        programme.write_note(
            engagement,
            text="Aftalt med tovholderen: Næste sparringsmøde handler om begrundelse af afgørelser.",
            internal=False,
            by=staff("social"),
        )
    _brief(
        engagement,
        "Analysen er afsluttet, og kommunen har svaret på alle anbefalinger. Flere tiltag er gennemført, men to er "
        "forsinkede. Det vigtigste nu er at tale med barnet, før der træffes afgørelse.",
        day=now - timedelta(days=20),
    )


def _nordager(place: Municipality, round: Round) -> None:
    """Has applied; one agency has assessed."""
    if Application.objects.filter(municipality=place).exists():
        return
    submitted = timezone.now() - timedelta(days=11)
    application = _apply(place, round, seed=2, submitted=submitted)
    _assess(application, Assessment.Agency.LEGAL, seed=2, day=submitted + timedelta(days=6))


def _sundkoebing(place: Municipality, round: Round) -> None:
    """Is writing its application."""
    if Application.objects.filter(municipality=place).exists():
        return
    leader = person("leader", place.slug)
    with at(timezone.now() - timedelta(days=5)):
        application = applying.begin_application(municipality=place, round=round, by=leader)
        keys = tuple(declared.key for declared in applications.SECTIONS[:3])
        applications.fill(application, 4, by=leader, keys=keys)


def scale(count: int) -> int:
    """Add `count` closed engagements of the fictional municipalities, with actions, for measuring; returns how many."""
    offer = Offer.objects.get(key="task-force")
    places = list(Municipality.objects.fictional())
    known = set(Engagement.objects.filter(case_no__startswith="2019-").values_list("case_no", flat=True))
    wanted = [f"2019-{number:04}" for number in range(1, count + 1) if f"2019-{number:04}" not in known]
    start = timezone.localdate().replace(year=2019, month=2, day=1)
    made = Engagement.objects.bulk_create(
        Engagement(
            case_no=case_no,
            municipality=places[number % len(places)],
            offer=offer,
            state=Engagement.State.CLOSED,
            starts_on=start + timedelta(days=number % 300),
            closed_at=timezone.now() - 30 * MONTH,
        )
        for number, case_no in enumerate(wanted)
    )
    Phase.objects.bulk_create(
        Phase(
            engagement=engagement,
            kind=kind,
            order=order,
            starts_on=engagement.starts_on + 6 * order * MONTH,
            ends_on=engagement.starts_on + 6 * (order + 1) * MONTH,
            finished_on=engagement.starts_on + 6 * (order + 1) * MONTH,
        )
        for engagement in made
        for order, kind in enumerate(PhaseKind)
    )
    recommendations = Recommendation.objects.bulk_create(
        Recommendation(
            engagement=engagement,
            number=1,
            kind="must",
            competence="legal",
            title="Tal med barnet",
            text="Forud for afgørelsen.",
            published_at=engagement.closed_at,
        )
        for engagement in made
    )
    Action.objects.bulk_create(
        Action(
            engagement=recommendation.engagement,
            recommendation=recommendation,
            number=number + 1,
            title=title,
            owner=owner,
            due_on=recommendation.engagement.starts_on + (10 + number) * MONTH,
            original_due_on=recommendation.engagement.starts_on + (10 + number) * MONTH,
            state="verified",
        )
        for recommendation in recommendations
        for number, (title, owner, _effect) in enumerate(ACTIONS)
    )
    return len(made)


def forget_notices() -> None:
    """Mark the story's notices as read, all but the newest of each person."""
    newest: set[int] = set()
    seen: set[int] = set()
    for pk, recipient in Notice.objects.order_by("-created_at", "-pk").values_list("pk", "recipient"):
        if recipient not in seen:
            seen.add(recipient)
            newest.add(pk)
    Notice.objects.filter(read_at=None).exclude(pk__in=newest).update(read_at=timezone.now())
