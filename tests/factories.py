"""Factories with traits; each is usable with no arguments."""

from datetime import date, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.utils import timezone
from factory.django import DjangoModelFactory

from cms import models as s
from courses import models as c
from engagements import models as m
from engagements.applications.sections import SECTIONS
from engagements.people.models import Role
from engagements.users.models import User

PASSWORD = "demonstration"


class UserFactory(DjangoModelFactory):
    """A person who may sign in with the password `demonstration`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    first_name = factory.Sequence(lambda n: f"Fornavn{n}")
    last_name = "Efternavn"

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Set the password."""
        self.set_password(extracted or PASSWORD)  # type: ignore[attr-defined]
        if create:
            self.save()  # type: ignore[attr-defined]


class MunicipalityFactory(DjangoModelFactory):
    """A fictional municipality with a tile of its own."""

    class Meta:
        model = m.Municipality
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"{5000 + n}")
    name = factory.Sequence(lambda n: f"Prøveby {n}")
    slug = factory.LazyAttribute(lambda o: o.name.lower().replace(" ", "-").replace("ø", "oe"))
    tile_column = factory.Sequence(lambda n: 20 + n % 30)  # beside the real ones, so that a map stays a map
    tile_row = factory.Sequence(lambda n: n // 30)
    is_fictional = True


class MembershipFactory(DjangoModelFactory):
    """An approved membership; `MembershipFactory(role="director")`."""

    class Meta:
        model = m.Membership

    user = factory.SubFactory(UserFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    role = Role.LEADER
    approved_at = factory.LazyFunction(timezone.now)


class AgencyFactory(DjangoModelFactory):
    """An agency, legal unless said otherwise."""

    class Meta:
        model = m.Agency
        django_get_or_create = ("key",)

    key = "ankestyrelsen"
    kind = m.Agency.Kind.LEGAL


class StaffFactory(UserFactory):
    """A member of staff: `StaffFactory(agency="social", group="social")`."""

    @factory.post_generation
    def agency(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Give the person a profile at the agency of this kind."""
        kind = extracted or "legal"
        key = {"legal": "ankestyrelsen", "social": "socialstyrelsen"}[kind]
        m.StaffProfile.objects.create(user=self, agency=AgencyFactory(key=key, kind=kind))  # type: ignore[misc]

    @factory.post_generation
    def group(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Put the person in the staff group."""
        self.groups.add(Group.objects.get_or_create(name=extracted or "legal")[0])  # type: ignore[attr-defined]


class HostFactory(UserFactory):
    """Whoever hosts the leaders' network."""

    @factory.post_generation
    def group(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Put the person in the hosts' group."""
        self.groups.add(Group.objects.get_or_create(name="hosts")[0])  # type: ignore[attr-defined]


class OfferFactory(DjangoModelFactory):
    """The Task Force engagement."""

    class Meta:
        model = m.Offer
        django_get_or_create = ("key",)

    key = "task-force"
    title_da = "Task Force-forløb"
    title_en = "Task Force engagement"


def _noon(days: int) -> datetime:
    return (timezone.localtime() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)


class RoundFactory(DjangoModelFactory):
    """An open round; `RoundFactory(closed=True)` closed yesterday."""

    class Meta:
        model = m.Round

    class Params:
        closed = factory.Trait(
            opens_at=factory.LazyFunction(lambda: _noon(-80)), closes_at=factory.LazyFunction(lambda: _noon(-1))
        )

    offer = factory.SubFactory(OfferFactory)
    title = factory.Sequence(lambda n: f"Runde {n}")
    opens_at = factory.LazyFunction(lambda: _noon(-40))
    closes_at = factory.LazyFunction(lambda: _noon(30))
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    capacity = 4


class ApplicationFactory(DjangoModelFactory):
    """A draft; `ApplicationFactory(submitted=True)` has arrived, `(in_assessment=True)` is being assessed."""

    class Meta:
        model = m.Application
        skip_postgeneration_save = True

    class Params:
        arrived = factory.Trait(
            case_no=factory.Sequence(lambda n: f"2025-{n % 10000:04}"),
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SelfAttribute("created_by"),
        )
        submitted = factory.Trait(arrived=True, state="submitted")
        in_assessment = factory.Trait(arrived=True, state="assessment")

    reference = factory.Sequence(lambda n: f"A-2025-{n % 10000:04}")
    round = factory.SubFactory(RoundFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    created_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def sections(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Every section, empty."""
        m.Section.objects.bulk_create(m.Section(application=self, key=section.key) for section in SECTIONS)  # type: ignore[misc]


class EngagementFactory(DjangoModelFactory):
    """A running engagement with the four standard phases; `team=[user, …]` puts people on it."""

    class Meta:
        model = m.Engagement
        skip_postgeneration_save = True

    case_no = factory.Sequence(lambda n: f"2024-{n % 10000:04}")
    municipality = factory.SubFactory(MunicipalityFactory)
    offer = factory.SubFactory(OfferFactory)
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=120))

    @factory.post_generation
    def phases(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """2 + 5 + 16 + 1 months."""
        start: date = self.starts_on  # type: ignore[assignment]
        for order, (kind, months) in enumerate(
            [("start", 2), ("analysis", 5), ("development", 16), ("measurement", 1)]
        ):
            end = start + timedelta(days=30 * months)
            m.Phase.objects.create(engagement=self, kind=kind, order=order, starts_on=start, ends_on=end)  # type: ignore[misc]
            start = end

    @factory.post_generation
    def team(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """Put people on the team."""
        for user in extracted or []:
            m.TeamMember.objects.create(engagement=self, user=user, competence="legal")  # type: ignore[misc]


class RequirementFactory(DjangoModelFactory):
    """A requirement with a published version under each law."""

    class Meta:
        model = m.Requirement
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"PRV-{n}")
    theme = "underretning"
    title_da = factory.Sequence(lambda n: f"Lovkrav {n}")
    title_en = factory.Sequence(lambda n: f"Requirement {n}")

    @factory.post_generation
    def versions(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """§ 1 under the old law, § 2 under the new one."""
        if self.versions.exists():  # type: ignore[attr-defined]
            return
        now = timezone.now()
        common: dict[str, Any] = {"requirement": self, "published_at": now}
        m.RequirementVersion.objects.create(
            law="serviceloven", valid_from=date(2011, 1, 1), valid_until=date(2024, 1, 1), paragraph="§ 1", **common
        )
        m.RequirementVersion.objects.create(law="barnets lov", valid_from=date(2024, 1, 1), paragraph="§ 2", **common)


class ReviewFactory(DjangoModelFactory):
    """A baseline review being recorded, with three requirements; `cases=20` makes cases without answers."""

    class Meta:
        model = m.Review
        skip_postgeneration_save = True

    engagement = factory.SubFactory(EngagementFactory)

    @factory.post_generation
    def requirements(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Three requirements unless others are given."""
        self.requirements.set(extracted if extracted is not None else RequirementFactory.create_batch(3))  # type: ignore[attr-defined]

    @factory.post_generation
    def cases(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """Cases of 2025."""
        for number in range(1, (extracted or 0) + 1):
            m.Case.objects.create(review=self, number=number, decision_year=2025)  # type: ignore[misc]


class FindingFactory(DjangoModelFactory):
    """A weakness."""

    class Meta:
        model = m.Finding

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    theme = "inddragelse"
    competence = "legal"
    polarity = "weakness"
    severity = "major"
    title = factory.Sequence(lambda n: f"Fund {n}")
    text = "Der mangler børnesamtaler forud for afgørelsen."


class RecommendationFactory(DjangoModelFactory):
    """A recommendation made from one finding; `(published=True)` is part of a published report."""

    class Meta:
        model = m.Recommendation
        skip_postgeneration_save = True

    class Params:
        published = factory.Trait(published_at=factory.LazyFunction(timezone.now))

    engagement = factory.SubFactory(EngagementFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)
    kind = "must"
    competence = "legal"
    title = factory.Sequence(lambda n: f"Anbefaling {n}")
    text = "Tal med barnet forud for afgørelsen."

    @factory.post_generation
    def findings(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """One finding unless others are given."""
        self.findings.set(extracted or [FindingFactory(engagement=self.engagement, published_at=self.published_at)])  # type: ignore[attr-defined]


class ReportFactory(DjangoModelFactory):
    """An analysis report in draft."""

    class Meta:
        model = m.Report

    engagement = factory.SubFactory(EngagementFactory)


class ActionFactory(DjangoModelFactory):
    """A planned action due in 30 days; `(overdue=True)` was due ten days ago."""

    class Meta:
        model = m.Action

    class Params:
        overdue = factory.Trait(due_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10)))

    engagement = factory.SubFactory(EngagementFactory)
    recommendation = factory.SubFactory(
        RecommendationFactory, published=True, engagement=factory.SelfAttribute("..engagement")
    )
    number = factory.Sequence(lambda n: n % 30000 + 1)
    title = factory.Sequence(lambda n: f"Tiltag {n}")
    owner = "Børne- og familiechef"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    original_due_on = factory.SelfAttribute("due_on")


class QuestionFactory(DjangoModelFactory):
    """A question just received; `(assigned=True)`, `(drafted=True)` (in second reading), `(answered=True)`."""

    class Meta:
        model = m.LegalQuestion
        skip_postgeneration_save = True

    class Params:
        assigned = factory.Trait(state="assigned", assigned_to=factory.SubFactory(StaffFactory))
        written = factory.Trait(answer="Ja, det følger af lovens ord.", other_basis="forvaltningsloven § 19")
        drafted = factory.Trait(assigned=True, written=True, state="second_reading")
        answered = factory.Trait(
            assigned=True, written=True, state="answered", answered_at=factory.LazyFunction(timezone.now)
        )

    reference = factory.Sequence(lambda n: f"SP-2019-{n:04}")
    municipality = factory.SubFactory(MunicipalityFactory)
    asked_by = factory.LazyAttribute(lambda o: MembershipFactory(municipality=o.municipality).user)
    title = factory.Sequence(lambda n: f"Hvornår skal der partshøres? {n}")
    text = "Gælder pligten til partshøring også, når afgørelsen er begunstigende?"
    topic = "sagsbehandling"
    asked_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))

    @factory.post_generation
    def drafters(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """Whoever it is assigned to has written what is written."""
        if extracted or (self.answer and self.assigned_to):  # type: ignore[attr-defined]
            self.drafters.set(extracted or [self.assigned_to])  # type: ignore[attr-defined]


class PublishedAnswerFactory(DjangoModelFactory):
    """A published answer; `(state="draft")` is not public yet, `(outdated=True)` rests on rules that have ended."""

    class Meta:
        model = m.PublishedAnswer

    class Params:
        outdated = factory.Trait(law="serviceloven", valid_from=date(2011, 1, 1), valid_until=date(2024, 1, 1))

    question = factory.SubFactory(QuestionFactory, answered=True)
    published_title = factory.Sequence(lambda n: f"Hvornår skal parterne høres? {n}")
    published_question = "En kommune spørger, om pligten til partshøring også gælder begunstigende afgørelser."
    published_answer = "Pligten følger af forvaltningsloven."
    other_basis = "forvaltningsloven § 19"
    topic = "sagsbehandling"
    valid_from = date(2024, 1, 1)
    state = "published"
    written_by = factory.SelfAttribute("question.assigned_to")
    published_at = factory.LazyFunction(timezone.now)


class BriefingFactory(DjangoModelFactory):
    """A briefing in draft."""

    class Meta:
        model = m.Briefing

    engagement = factory.SubFactory(EngagementFactory)
    status_text = "Analysen er afsluttet."


class SubjectFactory(DjangoModelFactory):
    """A subject of courses."""

    class Meta:
        model = c.Subject
        django_get_or_create = ("key",)

    key = "sagsbehandling"
    title_da = "Sagsbehandling"
    title_en = "Casework"


class CourseFactory(DjangoModelFactory):
    """A published course; `CourseFactory(state="draft")` is not shown yet."""

    class Meta:
        model = c.Course

    slug = factory.Sequence(lambda n: f"kursus-{n}")
    title_da = factory.Sequence(lambda n: f"Kursus {n}")
    title_en = factory.Sequence(lambda n: f"Course {n}")
    summary_da = "Et kursus om inddragelse af børn."
    state = "published"
    subject = factory.SubFactory(SubjectFactory)


class LearningPathFactory(DjangoModelFactory):
    """A published learning path of two courses; `LearningPathFactory(courses=[…])` of others."""

    class Meta:
        model = c.LearningPath
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"laeringsforloeb-{n}")
    title_da = factory.Sequence(lambda n: f"Læringsforløb {n}")
    summary_da = "To kurser, der hører sammen."
    state = "published"

    @factory.post_generation
    def courses(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Two new courses unless others are given."""
        for order, course in enumerate(extracted or [CourseFactory(), CourseFactory()], 1):
            c.PathStep.objects.create(path=self, course=course, order=order)  # type: ignore[misc]


class RunFactory(DjangoModelFactory):
    """A published run in 30 days with one session, open for enrolment: `RunFactory(capacity=…, sessions=2)`.

    `RunFactory(held=True)` was held a week ago.
    """

    class Meta:
        model = c.Run
        skip_postgeneration_save = True

    class Params:
        held = factory.Trait(
            starts_at=factory.LazyFunction(lambda: _noon(-8)), opens_at=factory.LazyFunction(lambda: _noon(-60))
        )

    reference = factory.Sequence(lambda n: f"2019-{n:05}")
    course = factory.SubFactory(CourseFactory)
    state = "published"
    capacity = 20
    starts_at = factory.LazyFunction(lambda: _noon(30))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    opens_at = factory.LazyFunction(lambda: _noon(-10))
    closes_at = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=10))
    cancel_until = factory.SelfAttribute("closes_at")

    @factory.post_generation
    def sessions(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """One session unless another number is given, one a day; the run ends with the last."""
        for number in range(1 if extracted is None else extracted):
            begins = self.starts_at + timedelta(days=number)  # type: ignore[attr-defined]
            SessionFactory(run=self, starts_at=begins, ends_at=begins + timedelta(hours=4))
        if extracted and extracted > 1:
            self.ends_at = self.starts_at + timedelta(days=extracted - 1, hours=4)  # type: ignore[attr-defined]
            self.save(update_fields=["ends_at"])  # type: ignore[attr-defined]


class SessionFactory(DjangoModelFactory):
    """A session of four hours."""

    class Meta:
        model = c.Session

    run = factory.SubFactory(RunFactory, sessions=0)
    starts_at = factory.SelfAttribute("run.starts_at")
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=4))
    place = "Mødelokale 1, Odense"


class EnrolmentFactory(DjangoModelFactory):
    """A row with a seat, made without the service; use `enrol` where the rules matter.

    The person is a caseworker of `municipality` (a new one unless given).
    """

    class Meta:
        model = c.Enrolment
        skip_postgeneration_save = True

    run = factory.SubFactory(RunFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    person = factory.LazyAttribute(lambda o: MembershipFactory(municipality=o.municipality, role=Role.CASEWORKER).user)
    role = Role.CASEWORKER
    state = "seated"
    queued_at = factory.LazyFunction(timezone.now)
    seated_at = factory.LazyAttribute(lambda o: o.queued_at if o.state == "seated" else None)

    @factory.post_generation
    def counted(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Keep the run's counter true."""
        run = self.run  # type: ignore[attr-defined]
        run.taken = run.enrolments.holding().count()
        c.Run.objects.filter(pk=run.pk).update(taken=run.taken)


class VisitOfferFactory(DjangoModelFactory):
    """A published general offer with four places, open now; the season has begun and lasts half a year."""

    class Meta:
        model = m.VisitOffer

    title_da = factory.Sequence(lambda n: f"Besøg {n}")
    title_en = factory.Sequence(lambda n: f"Visits {n}")
    summary_da = "Læringsteamet arbejder med jeres egne sager."
    asks_da = "Et lokale med skærm\nTo afgjorte sager"
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=20))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=180))
    opens_at = factory.LazyFunction(lambda: _noon(-40))
    places = 4
    state = "published"


class VisitFactory(DjangoModelFactory):
    """A request that waits in line, made without the service; use `request_visit` where the rules matter.

    `VisitFactory(accepted=True)` has a place, `(planned=True)` is in 20 days with one person from the learning team,
    `(held=True)` was ten days ago and may be evaluated.
    """

    class Meta:
        model = m.Visit
        skip_postgeneration_save = True

    class Params:
        accepted = factory.Trait(state="accepted", accepted_at=factory.LazyFunction(timezone.now))
        timed = factory.Trait(
            accepted_at=factory.LazyFunction(timezone.now),
            ends_at=factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=5)),
            evaluation_until=factory.LazyAttribute(
                lambda o: timezone.localtime(o.starts_at).date() + timedelta(days=14)
            ),
            programme="9.00 Velkomst",
        )
        planned = factory.Trait(timed=True, state="planned", starts_at=factory.LazyFunction(lambda: _noon(20)))
        held = factory.Trait(
            timed=True,
            state="held",
            starts_at=factory.LazyFunction(lambda: _noon(-10)),
            held_at=factory.LazyFunction(timezone.now),
            check_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=81)),
        )

    reference = factory.Sequence(lambda n: f"B-2019-{n:04}")
    offer = factory.SubFactory(VisitOfferFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    theme = "Inddragelse af barnet"
    problem = "Vi mangler samtaler forud for afgørelsen."
    weeks = factory.LazyAttribute(lambda o: [week.code for week in o.offer.weeks()[:2]])
    place = "Rådhuset, lokale 1"
    cases_confirmed = True
    requested_at = factory.LazyFunction(timezone.now)
    token = factory.Sequence(lambda n: f"token-{n}")

    @factory.post_generation
    def audience(self, create: bool, extracted: dict[str, int] | None, **kwargs: Any) -> None:
        """Twelve caseworkers unless others are given."""
        came = self.state in ("held", "followed_up", "closed")  # type: ignore[attr-defined]
        for role, number in (extracted or {"caseworkers": 12}).items():
            m.Audience.objects.create(visit=self, role=role, expected=number, attended=number if came else None)  # type: ignore[misc]

    @factory.post_generation
    def team(self, create: bool, extracted: list[User] | None, **kwargs: Any) -> None:
        """One of the learning team, unless others are given or there is no time yet."""
        for user in extracted or ([StaffFactory(group="learning")] if self.starts_at else []):  # type: ignore[attr-defined]
            m.VisitMember.objects.create(visit=self, user=user)  # type: ignore[misc]

    @factory.post_generation
    def counted(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """Keep the offer's counter true."""
        offer = self.offer  # type: ignore[attr-defined]
        offer.taken = offer.visits.holding().count()
        m.VisitOffer.objects.filter(pk=offer.pk).update(taken=offer.taken)


class MeetingFactory(DjangoModelFactory):
    """A network meeting in a month, with its published run."""

    class Meta:
        model = s.Meeting

    run = factory.SubFactory(
        RunFactory,
        course=None,
        kind="meeting",
        own_title="Netværksmøde",
        members_only=True,
        audience="leaders",
        certificate_rule="none",
    )
    theme = "Ledelse af sagsarbejdet"
    agenda = "Velkomst\nErfaringer fra to kommuner"


class ThreadFactory(DjangoModelFactory):
    """A thread with one post by who started it; `ThreadFactory(posts=3)`."""

    class Meta:
        model = s.Thread
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Hvordan gør I? {n}")
    started_by = factory.SubFactory(StaffFactory, group="network")
    last_post_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def posts(self, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """As many posts as asked for."""
        for number in range(1 if extracted is None else extracted):
            PostFactory(thread=self, author=self.started_by, text=f"Indlæg {number}")  # type: ignore[attr-defined]


class PostFactory(DjangoModelFactory):
    """A post, made without the service; use `reply` where the rules matter."""

    class Meta:
        model = s.Post

    thread = factory.SubFactory(ThreadFactory, posts=0)
    author = factory.SubFactory(StaffFactory, group="network")
    text = "Vi har gode erfaringer med faste møder."
