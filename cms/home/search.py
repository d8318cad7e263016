"""Global search: pages, requirements, and what the reader may see of municipalities, engagements and applications."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from cms.network import search as network
from cms.network.library import MembersPage
from cms.pages.course_pages import CourseIndexPage, CoursePage
from courses.catalogue.models import Course, LearningPath
from engagements.applications.models import Application
from engagements.municipalities.models import Municipality, fold
from engagements.people import permissions as who
from engagements.programme.models import Engagement
from engagements.programme.tabs import address_of
from engagements.questions.models import LegalQuestion, PublishedAnswer
from engagements.requirements.models import Requirement
from engagements.visits.models import Visit, VisitOffer

from . import fulltext, words
from .fulltext import Kind
from .stemming import root

LONGEST = 100
EACH = 10


@dataclass(frozen=True)
class Hit:
    """One line of the result."""

    title: str
    address: str
    about: str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `more` when there were more than are shown."""

    label: str
    hits: list[Hit]
    more: bool


def words_of(text: str) -> str:
    """The text as it is searched for: one line without control characters, at most 100 characters."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())[:LONGEST].strip()


def find(text: str, user: Any) -> list[Group]:
    """Everything that holds the words, group by group; empty groups are left out."""
    asked = words_of(text)
    if not asked:
        return []
    found = in_index(asked, user)
    groups = [
        _group(_("Pages"), _pages(found["pages"])),
        _group(_("Courses"), _courses(asked, found["courses"], user)),
        _group(_("Leaders' network"), (Hit(*one) for one in network.hits(found, asked, user, EACH + 1))),
        _group(_("Engagements"), _engagements(asked, user)),
        _group(_("Applications"), _applications(asked, user)),
        _group(_("Visits"), _visits(asked, user)),
        _group(_("Municipalities"), _municipalities(asked, user)),
        _group(_("Requirements"), _requirements(asked)),
        _group(_("Questions and answers on rules"), _questions(asked, user)),
    ]
    return [group for group in groups if group.hits]


def _group(label: str, hits: Iterator[Hit]) -> Group:
    found = [hit for hit, _number in zip(hits, range(EACH + 1), strict=False)]
    return Group(label, found[:EACH], len(found) > EACH)


def in_index(text: str, user: Any) -> dict[str, list[Any]]:
    """The hits among pages and posts, by kind."""
    return fulltext.best(words.query(text), _kinds(user))


def _kinds(user: Any) -> dict[str, Kind]:
    """What is asked for in the index, as this reader sees it; what is written about courses stands among the courses."""
    hidden = Page.objects.all().private_q()
    pages = Page.objects.live().exclude(hidden).exclude(depth__lte=1)
    pages = pages.not_type(CoursePage, CourseIndexPage, MembersPage)
    courses = CoursePage.objects.live().exclude(hidden).defer_streamfields()
    return {"pages": Kind(pages, EACH + 1), "courses": Kind(courses, EACH + 1), **network.kinds(user, EACH + 1)}


def _courses(text: str, written: list[CoursePage], user: Any) -> Iterator[Hit]:
    """Courses by their own words or by what is written about them, then learning paths."""
    seen = Course.objects.visible_to(user).select_related("subject")
    about = [page.course_id for page in written]
    for course in (seen.holding(text) | seen.filter(pk__in=about))[: EACH + 1]:
        yield Hit(course.title, course.get_absolute_url(), str(course.subject))
    for path in LearningPath.objects.visible_to(user).holding(text)[: EACH + 1]:
        yield Hit(path.title, path.get_absolute_url(), _("Learning path"))


def _pages(found: list[Page]) -> Iterator[Hit]:
    for page in found:
        if address := page.url:
            yield Hit(page.title, address, page.search_description)


def _engagements(text: str, user: Any) -> Iterator[Hit]:
    if not user.is_authenticated:
        return
    visible = Engagement.objects.visible_to(user).select_related("municipality", "offer")
    found = visible.filter(
        Q(municipality__folded_name__contains=fold(text))
        | Q(case_no__contains=text.replace(" ", ""))
        | Q(focus__icontains=text)
    )
    for engagement in found[: EACH + 1]:
        about = f"{engagement.shown_case_no} · {engagement.get_state_display()}"
        yield Hit(
            f"{engagement.offer}: {engagement.municipality.full_name}",
            reverse("engagements:detail", args=[engagement.case_no]),
            about,
        )


def _applications(text: str, user: Any) -> Iterator[Hit]:
    if not user.is_authenticated:
        return
    visible = Application.objects.visible_to(user).select_related("municipality", "round")
    number = text.replace(" ", "")
    found = visible.filter(
        Q(municipality__folded_name__contains=fold(text)) | Q(reference__icontains=number) | Q(case_no__contains=number)
    )
    for application in found[: EACH + 1]:
        yield Hit(
            f"{application.round}: {application.municipality.full_name}",
            address_of("applications:detail", application.reference),
            f"{application.shown_number} · {application.get_state_display()}",
        )


def _visits(text: str, user: Any) -> Iterator[Hit]:
    """Offers of visits, then visits: by theme and problem only where the reader may read these."""
    if not user.is_authenticated:
        return
    written = _in_any_case(text, "title_da", "title_en", "summary_da", "summary_en")
    for offer in VisitOffer.objects.visible_to(user).filter(written)[: EACH + 1]:
        yield Hit(offer.title, offer.get_absolute_url(), f"{offer.get_kind_display()} · {offer.season}")
    in_full = Visit.objects.read_in_full_by(user)
    telling = set(in_full.filter(_in_any_case(text, "theme", "problem")).values_list("pk", flat=True)[: EACH + 1])
    wanted = (
        Q(municipality__folded_name__contains=fold(text))
        | Q(reference__icontains=text.replace(" ", ""))
        | Q(pk__in=telling)
    )
    found = list(Visit.objects.visible_to(user).filter(wanted).select_related("municipality", "offer")[: EACH + 1])
    read = set(in_full.filter(pk__in=[visit.pk for visit in found]).values_list("pk", flat=True))
    for visit in found:
        name = _("Visit to %(name)s") % {"name": visit.municipality.full_name}
        title = f"{name}: {visit.theme}" if visit.pk in read else name
        yield Hit(title, visit.get_absolute_url(), f"{visit.reference} · {visit.get_state_display()}")


def _in_any_case(text: str, *fields: str) -> Q:
    """Fields that hold the text, as written or with another first letter; SQLite knows no case of *Æ*."""
    wanted = Q()
    for form in {text, text.lower(), text.capitalize()}:
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": form})
    return wanted


def _municipalities(text: str, user: Any) -> Iterator[Hit]:
    """One's own, and for the Task Force's case staff all but those they are *inhabil* for."""
    if not user.is_authenticated:
        return
    own = set(who.municipalities_of(user))
    found = Municipality.objects.filter(folded_name__contains=fold(text))
    found = found.exclude(pk__in=who.disqualified_for(user)) if who.is_case_staff(user) else found.filter(pk__in=own)
    for municipality in found[: EACH + 1]:
        if municipality.pk in own:
            yield Hit(municipality.full_name, reverse("home:municipality", args=[municipality.code]))
        else:
            address = f"{reverse('engagements:list')}?q={municipality.name}"
            yield Hit(municipality.full_name, address, _("Engagements and applications"))


def _requirements(text: str) -> Iterator[Hit]:
    """Few enough to be looked through here, where every form of a word is known on any database."""
    asked = [root(word) for word in words.plain(text)]
    rows = Requirement.objects.all()
    held = (one for one in rows if _holds(fold(f"{one.code} {one.title_da} {one.title_en}"), asked))
    for requirement in held:
        yield Hit(str(requirement), f"{address_of('requirements:list')}#{requirement.code}", requirement.code)


def _holds(text: str, asked: list[str]) -> bool:
    return bool(asked) and all(word in text for word in asked)


def _questions(text: str, user: Any) -> Iterator[Hit]:
    """Published answers, then the questions this reader may see."""
    for answer in PublishedAnswer.objects.published().holding(text)[: EACH + 1]:
        about = _("Rests on rules that no longer apply") if answer.is_outdated else answer.get_topic_display()
        yield Hit(answer.published_title, answer.get_absolute_url(), str(about))
    if user.is_authenticated:
        asked = Q(title__icontains=text) | Q(text__icontains=text) | Q(reference__icontains=text)
        for question in LegalQuestion.objects.visible_to(user).filter(asked)[: EACH + 1]:
            yield Hit(
                question.title, question.get_absolute_url(), f"{question.reference} · {question.get_state_display()}"
            )
