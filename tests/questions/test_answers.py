"""Answers for all: nobody can tell who asked, every form of a word finds them, old rules are marked."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.lifecycle import MoveRefused, move
from engagements.municipalities.models import Municipality
from engagements.notices.models import Notice
from engagements.questions import services, words
from engagements.questions.models import LegalQuestion, PublishedAnswer, Usefulness
from engagements.questions.views_answers import OPINIONS_AN_HOUR
from tests.factories import (
    MembershipFactory,
    MunicipalityFactory,
    PublishedAnswerFactory,
    QuestionFactory,
    RequirementFactory,
    StaffFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/spoergsmaal/svar/"
TEXTS: dict[str, Any] = {
    "published_title": "Skal parterne høres?",
    "published_question": "En kommune spørger, om alle parter skal høres.",
    "published_answer": "Ja, efter forvaltningsloven.",
    "topic": "sagsbehandling",
    "law": "",
    "other_basis": "forvaltningsloven § 19",
    "valid_from": date(2024, 1, 1),
    "valid_until": None,
}


@pytest.fixture
def question() -> Any:
    municipality = MunicipalityFactory(name="Korsbæk")
    asker = MembershipFactory(
        municipality=municipality,
        user=UserFactory(first_name="Karen", last_name="Bro Holm", email="karen@korsbaek.example"),
    ).user
    return QuestionFactory(answered=True, municipality=municipality, asked_by=asker)


def rewrite(question: Any, by: Any = None, **changes: Any) -> PublishedAnswer:
    version = changes.pop("version", None)
    texts = {**TEXTS, **changes}
    return services.rewrite(question, version=version, basis=[], by=by or StaffFactory(), **texts)


def titles(client: Client, **asked: str) -> list[str]:
    response = client.get(ADDRESS, asked)
    assert response.status_code == 200
    return [answer.published_title for answer in response.context["answers"]]


@pytest.mark.parametrize(
    "text",
    [
        "Korsbæk spørger om parterne.",
        "I korsbæk kommune høres parterne.",
        "KORSBÆK har spurgt.",
        "Korsbæks praksis er god.",
        "Karen vil vide det.",
        "Spurgt af karen bro holm.",
        "Svar til karen@korsbaek.example.",
    ],
)
@pytest.mark.parametrize("field", ["published_title", "published_question", "published_answer", "other_basis"])
def test_a_text_that_tells_who_asked_is_refused_at_its_field(question: Any, field: str, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        rewrite(question, **{field: text})
    assert set(refused.value.error_dict) == {field}
    assert not PublishedAnswer.objects.exists()


def test_a_municipality_whose_name_is_a_word_can_be_answered_with_that_word() -> None:
    question = QuestionFactory(answered=True, municipality=Municipality.objects.get(slug="vejen"))
    assert rewrite(question, published_answer="Vis forældrene vejen videre i systemet.").pk
    with pytest.raises(ValidationError):
        services.rewrite(
            question, version=1, basis=[], by=StaffFactory(), **{**TEXTS, "published_answer": "Vejen Kommune"}
        )


def test_only_another_person_publishes_and_the_asker_hears_of_it(question: Any) -> None:
    writer = StaffFactory()
    answer = rewrite(question, by=writer)
    with pytest.raises(MoveRefused):
        move(answer, "publish", by=writer)
    move(answer, "publish", by=StaffFactory())
    assert answer.state == "published"
    assert Notice.objects.filter(recipient=question.asked_by).count() == 1


def test_a_name_that_slipped_in_is_stopped_at_publication(question: Any) -> None:
    answer = rewrite(question)
    PublishedAnswer.objects.filter(pk=answer.pk).update(published_answer="Korsbæk Kommune skal høre parterne.")
    with pytest.raises(MoveRefused, match="Korsbæk"):
        move(answer, "publish", by=StaffFactory())


def test_an_open_question_is_not_published() -> None:
    with pytest.raises(MoveRefused):
        rewrite(QuestionFactory(assigned=True))


@pytest.mark.parametrize(
    "asked", ["underretning", "underretninger", "UNDERRETNINGERNE", "Genvurdering underretning", "§ 137"]
)
def test_an_answer_is_found_by_any_form_of_its_words(client: Client, asked: str) -> None:
    PublishedAnswerFactory(
        published_title="Ny underretning i en sag",
        published_answer="Der skal genvurderes.",
        other_basis="barnets lov § 137",
    )
    PublishedAnswerFactory(published_title="Aktindsigt")
    assert titles(client, q=asked) == ["Ny underretning i en sag"]


def test_an_answer_is_found_by_the_requirement_it_rests_on(client: Client, question: Any) -> None:
    requirement = RequirementFactory(title_da="Børnesamtale forud for afgørelse")
    answer = services.rewrite(question, version=None, basis=[requirement.versions.last()], by=StaffFactory(), **TEXTS)
    move(answer, "publish", by=StaffFactory())
    assert titles(client, q="børnesamtaler") == [answer.published_title]


def test_the_base_is_filtered_by_topic_law_and_validity(client: Client) -> None:
    old = PublishedAnswerFactory(outdated=True, topic="opfølgning").published_title
    new = PublishedAnswerFactory(law="barnets lov").published_title
    both = PublishedAnswerFactory(law="").published_title
    assert titles(client, topic="opfølgning") == [old]
    assert set(titles(client, law="barnets lov")) == {new, both}
    assert set(titles(client, holds="now")) == {new, both}
    assert titles(client, holds="old") == [old]


@pytest.mark.parametrize("asked", ["\x00", '"', "%_", "(((", "æ" * 500, "' OR 1=1 --"])
def test_no_text_searched_for_is_an_error(client: Client, asked: str) -> None:
    PublishedAnswerFactory()
    assert client.get(ADDRESS, {"q": asked}).status_code == 200


def test_an_answer_on_rules_that_have_ended_says_so(client: Client) -> None:
    page = client.get(PublishedAnswerFactory(outdated=True).get_absolute_url()).content.decode()
    assert "Svaret bygger på regler, der ikke længere gælder" in page
    page = client.get(PublishedAnswerFactory().get_absolute_url()).content.decode()
    assert "ikke længere gælder" not in page


def test_a_public_answer_tells_nothing_of_who_asked(client: Client, question: Any) -> None:
    answer = rewrite(question)
    move(answer, "publish", by=StaffFactory())
    for page in (
        client.get(answer.get_absolute_url()),
        client.get(ADDRESS),
        client.get("/soeg/", {"q": "parterne høres"}),
    ):
        text = page.content.decode()
        assert answer.published_title in text
        assert not [word for word in ("Korsbæk", "Karen", question.reference) if word in text]


def test_a_draft_is_for_lawyers_and_a_withdrawn_answer_says_so(client: Client, question: Any) -> None:
    answer = rewrite(question)
    lawyer = StaffFactory()
    assert client.get(answer.get_absolute_url()).status_code == 302
    stranger, reader = Client(), Client()
    stranger.force_login(question.asked_by)
    reader.force_login(lawyer)
    assert stranger.get(answer.get_absolute_url()).status_code == 404
    assert reader.get(answer.get_absolute_url()).status_code == 200
    move(answer, "publish", by=lawyer)
    move(answer, "withdraw", by=lawyer, note="Ikke præcist nok.")
    gone = client.get(answer.get_absolute_url())
    assert gone.status_code == 410
    assert TEXTS["published_answer"] not in gone.content.decode()
    assert titles(client) == []


def test_validity_follows_the_rules_and_can_be_changed_while_public() -> None:
    versions = list(RequirementFactory().versions.order_by("valid_from"))
    assert services.validity_of(versions[:1]) == (date(2011, 1, 1), date(2024, 1, 1))
    assert services.validity_of([]) == (None, None)
    answer = PublishedAnswerFactory()
    services.set_validity(
        answer, version=1, valid_from=date(2024, 1, 1), valid_until=date(2026, 1, 1), by=StaffFactory()
    )
    assert PublishedAnswer.objects.get().is_outdated
    with pytest.raises(ValidationError):
        services.set_validity(
            answer, version=2, valid_from=date(2026, 1, 1), valid_until=date(2025, 1, 1), by=StaffFactory()
        )


def test_lawyers_are_told_once_when_a_rule_under_an_answer_has_ended() -> None:
    from engagements.notices.services import remind

    lawyer = StaffFactory()
    answer = PublishedAnswerFactory()
    answer.basis.add(RequirementFactory().versions.get(law="serviceloven"))
    marked = PublishedAnswerFactory(outdated=True)
    marked.basis.set(answer.basis.all())
    for _again in range(2):
        remind(day=timezone.localdate())
    told = Notice.objects.filter(recipient=lawyer)
    assert [notice.address for notice in told] == [answer.get_absolute_url()]


# Similar answers -------------------------------------------------------------------------------------
def test_answers_that_share_telling_words_are_suggested() -> None:
    told = PublishedAnswerFactory(
        published_title="Børnesamtale før afgørelse", published_answer="Tal med barnet først."
    )
    for number in range(5):
        PublishedAnswerFactory(published_title=f"Aktindsigt {number}")
    assert services.similar_answers("Skal vi holde en børnesamtale før en afgørelse?") == [told]
    assert services.similar_answers("Hvad koster en bil?") == []
    assert services.similar_answers("") == []


def test_answers_in_force_are_suggested_before_outdated_ones() -> None:
    texts = {"published_title": "Børnesamtale før afgørelse", "published_answer": "Tal med barnet."}
    old = PublishedAnswerFactory(outdated=True, **texts)
    new = PublishedAnswerFactory(**texts)
    for _number in range(3):
        PublishedAnswerFactory()
    assert services.similar_answers("børnesamtale før afgørelse") == [new, old]


def test_endings_are_taken_from_long_words_only() -> None:
    assert words.stem("underretningerne") == words.stem("underretning")
    assert words.stem("plan") == "plan"


# Was this useful -------------------------------------------------------------------------------------
def say(client: Client, answer: Any, useful: str = "yes", **extra: Any) -> int:
    return client.post(reverse("questions:useful", args=[answer.pk]), {"useful": useful}, **extra).status_code


def test_a_person_with_an_account_is_counted_once_with_the_latest_opinion(client: Client) -> None:
    answer = PublishedAnswerFactory()
    client.force_login(MembershipFactory().user)
    assert [say(client, answer), say(client, answer, "no")] == [302, 302]
    assert [one.useful for one in Usefulness.objects.all()] == [False]


def test_without_an_account_one_is_counted_once_a_session_and_nothing_else_is_kept(client: Client) -> None:
    answer = PublishedAnswerFactory()
    say(client, answer)
    say(client, answer, "no")
    assert [(one.useful, one.user) for one in Usefulness.objects.all()] == [(True, None)]
    assert "Det har du svaret på. Tak." in client.get(answer.get_absolute_url()).content.decode()


def test_one_address_cannot_fill_the_counts() -> None:
    answer = PublishedAnswerFactory()
    given = [say(Client(), answer) for _number in range(OPINIONS_AN_HOUR + 2)]
    assert given[-2:] == [429, 429]
    assert Usefulness.objects.count() == OPINIONS_AN_HOUR


def test_only_lawyers_see_the_counts(client: Client) -> None:
    answer = PublishedAnswerFactory()
    say(client, answer)
    assert "1 ja, 0 nej" not in client.get(answer.get_absolute_url()).content.decode()
    client.force_login(StaffFactory())
    assert "1 ja, 0 nej" in client.get(answer.get_absolute_url()).content.decode()
    assert "1 ja, 0 nej" in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("useful", ["", "maybe"])
def test_an_opinion_that_is_none_is_not_found(client: Client, useful: str) -> None:
    assert say(client, PublishedAnswerFactory(), useful) == 404
    assert say(client, PublishedAnswerFactory(state="draft"), "yes") == 404


def test_the_base_is_as_light_with_many_answers_as_with_few(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(StaffFactory())
    home = MunicipalityFactory()
    plain = {"municipality": home, "asked_by": None, "assigned_to": None, "answered": True}
    for count in (25, 250):
        for number in range(count - PublishedAnswer.objects.count()):
            question = QuestionFactory.build(**plain)
            question.save()
            texts = {**TEXTS, "published_title": f"Svar {number}", "published_at": timezone.now()}
            PublishedAnswer.objects.create(question=question, state="published", **texts)
        with django_assert_max_num_queries(12):
            assert client.get(ADDRESS).status_code == 200


def test_the_demonstration_has_questions_on_their_way_and_six_answers() -> None:
    from courses.demo.clock import at
    from engagements.municipalities.demo import ensure_fictional
    from engagements.people import demo as people
    from engagements.questions import demo
    from engagements.questions.models import LegalQuestion

    ensure_fictional()
    people.ensure()
    for _again in range(2):
        demo.tell(at)
    answers = PublishedAnswer.objects.published()
    assert len(answers) == 6
    assert all(answer.basis.exists() for answer in answers)
    assert [answer.law for answer in answers if answer.is_outdated] == ["serviceloven"]
    states = LegalQuestion.objects.filter(publication=None).values_list("state", flat=True)
    assert sorted(states) == ["answered", "asked", "assigned", "second_reading"]


def test_an_answer_stays_with_a_municipality_that_said_no() -> None:
    question = QuestionFactory(answered=True, may_be_published=False)
    lawyer = question.assigned_to
    client = Client()
    client.force_login(lawyer)
    assert client.get(reverse("questions:rewrite", args=[question.reference])).status_code == 404
    assert "ønsker ikke svaret offentliggjort" in client.get(question.get_absolute_url()).content.decode()
    with pytest.raises(MoveRefused, match="sagt nej"):
        services.rewrite(question, version=None, basis=[], by=lawyer, published_title="Høring")
    assert not PublishedAnswer.objects.exists()


@pytest.mark.parametrize(("ticked", "kept"), [({"may_be_published": "on"}, True), ({}, False)])
def test_the_municipality_chooses_when_it_asks(ticked: dict[str, str], kept: bool) -> None:
    leader = MembershipFactory().user
    client = Client()
    client.force_login(leader)
    form = {"title": "Skal der partshøres?", "text": "Også når det er til gunst?", "topic": "sagsbehandling", "law": ""}
    client.post(reverse("questions:ask"), {**form, **ticked, "municipality": leader.memberships.get().municipality.pk})
    question = LegalQuestion.objects.get()
    assert question.may_be_published is kept
    client.post(
        reverse("questions:change", args=[question.reference]),
        {**form, "may_be_published": "" if kept else "on", "version": question.version},
    )
    assert LegalQuestion.objects.get().may_be_published is not kept


HUGE = "99999999999999999999"


@pytest.mark.parametrize("path", [f"svar/{HUGE}/", f"SP-2026-{HUGE}/", "svar/0/", f"svar/{HUGE}/gyldighed/"])
def test_made_up_and_huge_numbers_are_not_found(path: str) -> None:
    client = Client()
    client.force_login(StaffFactory())
    assert client.get(f"/spoergsmaal/{path}").status_code == 404


def test_odd_words_in_the_search_of_answers_are_no_error(client: Client) -> None:
    PublishedAnswerFactory()
    for query in ({"q": "\x00"}, {"q": "a" * 5000}, {"page": HUGE}, {"sort": "x"}, {"topic": HUGE}, {"q": "%_' --"}):
        assert client.get(reverse("questions:answers"), query).status_code in (200, 400, 404), query


def test_an_opinion_on_a_made_up_answer_is_not_kept(client: Client) -> None:
    assert client.post(f"/spoergsmaal/svar/{HUGE}/nyttigt/", {"useful": "yes"}).status_code == 404
    draft = PublishedAnswerFactory(state="draft")
    assert client.post(reverse("questions:useful", args=[draft.pk]), {"useful": "yes"}).status_code == 404
