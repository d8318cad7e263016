"""The pages: who reads what, suggestions before sending, forms that refuse and keep what was typed, light lists."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.people.models import Disqualification
from engagements.questions.forms import wordings
from engagements.questions.models import LegalQuestion, PublishedAnswer
from engagements.requirements.models import RequirementVersion
from tests.factories import MembershipFactory, PublishedAnswerFactory, QuestionFactory, RequirementFactory, StaffFactory

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Skal der holdes en børnesamtale?",
    "text": "Gælder det før enhver afgørelse?",
    "topic": "inddragelse",
    "law": "",
}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def address(name: str, thing: Any, *more: Any) -> str:
    return reverse(f"questions:{name}", args=[thing.reference, *more])


@pytest.fixture
def leader() -> Any:
    return MembershipFactory().user


def posted(user: Any, **changes: Any) -> dict[str, Any]:
    return {**FORM, "municipality": user.memberships.get().municipality.pk, **changes}


def test_answers_that_resemble_the_question_are_shown_before_it_is_sent(leader: Any) -> None:
    alike = PublishedAnswerFactory(published_title="Børnesamtale før enhver afgørelse")
    for _number in range(3):
        PublishedAnswerFactory()
    client = signed_in(leader)
    page = client.post(reverse("questions:ask"), posted(leader))
    assert page.status_code == 200
    assert alike.published_title in text_of(page)
    assert FORM["text"] in text_of(page)
    assert not LegalQuestion.objects.filter(title=FORM["title"]).exists()
    answer = client.post(reverse("questions:ask"), posted(leader, seen="1"))
    assert answer.url == LegalQuestion.objects.get(title=FORM["title"]).get_absolute_url()


def test_a_question_nothing_resembles_is_sent_at_once(leader: Any) -> None:
    answer = signed_in(leader).post(reverse("questions:ask"), posted(leader), follow=True)
    assert LegalQuestion.objects.get().reference in text_of(answer)


def test_what_may_not_be_written_is_refused_and_the_rest_kept(leader: Any) -> None:
    page = signed_in(leader).post(reverse("questions:ask"), posted(leader, text="Om 010203-1234, som vi kender"))
    assert page.status_code == 422
    assert "CPR-nummer" in text_of(page)
    assert FORM["title"] in text_of(page)
    assert not LegalQuestion.objects.exists()


def test_one_does_not_ask_on_behalf_of_another_municipality(leader: Any) -> None:
    page = signed_in(leader).post(
        reverse("questions:ask"), posted(leader, municipality=MembershipFactory().municipality.pk)
    )
    assert page.status_code == 422
    assert not LegalQuestion.objects.exists()


def test_the_municipality_reads_the_answer_only_when_it_is_sent() -> None:
    secret = "Et foreløbigt svar."
    drafted = QuestionFactory(drafted=True, answer=secret)
    answered = QuestionFactory(answered=True, answer="Det endelige svar.")
    page = text_of(signed_in(drafted.asked_by).get(drafted.get_absolute_url()))
    assert secret not in page
    assert str(drafted.assigned_to) not in page
    assert "Det endelige svar." in text_of(signed_in(answered.asked_by).get(answered.get_absolute_url()))
    assert secret in text_of(signed_in(StaffFactory()).get(drafted.get_absolute_url()))


def test_internal_notes_and_returns_stay_inside() -> None:
    question = QuestionFactory(drafted=True)
    reader = signed_in(StaffFactory())
    reader.post(address("note", question), {"text": "Spørg ministeriet først."})
    reader.post(address("move", question, "send_back"), {"note": "Henvis til § 24."})
    inside, outside = (
        text_of(signed_in(user).get(question.get_absolute_url())) for user in (StaffFactory(), question.asked_by)
    )
    for note in ("Spørg ministeriet først.", "Henvis til § 24."):
        assert note in inside
        assert note not in outside


def test_what_a_second_reader_misses_stands_above_the_answer_until_it_is_sent_again() -> None:
    question = QuestionFactory(drafted=True)
    reader, writer = signed_in(StaffFactory()), signed_in(question.drafters.get())
    reader.post(address("move", question, "send_back"), {"note": "Henvis til § 24."})
    for page, below in ((question.get_absolute_url(), 'id="question"'), (address("draft", question), "novalidate")):
        html = text_of(writer.get(page))
        assert html.index("Henvis til § 24.") < html.index(below)
    writer.post(address("move", question, "submit_draft"))
    html = text_of(writer.get(question.get_absolute_url()))
    assert html.index("Henvis til § 24.") > html.index('id="history"')


def test_the_municipality_reads_what_is_corrected_while_it_is() -> None:
    question = QuestionFactory(answered=True)
    lawyer, asker = signed_in(StaffFactory()), signed_in(question.asked_by)
    lawyer.post(address("move", question, "correct"), {"note": "Fristen er en anden fra 2025."})
    html = text_of(asker.get(question.get_absolute_url()))
    assert html.index("Fristen er en anden fra 2025.") < html.index('id="question"')


def test_strangers_and_the_inhabil_find_nothing() -> None:
    question = QuestionFactory(assigned=True)
    inhabil = StaffFactory()
    Disqualification.objects.create(user=inhabil, municipality=question.municipality)
    for user in (MembershipFactory().user, inhabil, StaffFactory(agency="social", group="social")):
        client = signed_in(user)
        for name in ("detail", "change", "assign", "draft", "confirm", "note", "rewrite"):
            assert client.get(address(name, question)).status_code == 404, name
        assert question.reference not in text_of(client.get(reverse("questions:list")))
        assert client.post(address("move", question, "reject"), {"note": "Nej"}).status_code == 404


def test_the_way_from_question_to_published_answer() -> None:
    question = QuestionFactory(topic="inddragelse")
    writer, reader = StaffFactory(), StaffFactory(group="lead")
    version = RequirementFactory(theme="inddragelse").versions.get(law="barnets lov")
    lead, lawyer = signed_in(reader), signed_in(writer)
    assert (
        lead.post(address("assign", question), {"lawyer": writer.pk, "due_on": str(question.due_on)}).status_code == 302
    )
    opened = LegalQuestion.objects.get().version
    draft = {"answer": "Ja, altid.", "basis": [version.pk], "other_basis": "", "version": opened}
    assert lawyer.post(address("draft", question), draft).status_code == 302
    assert lawyer.post(address("move", question, "submit_draft"), {"note": ""}).status_code == 302
    assert lawyer.get(address("confirm", question)).status_code == 404
    preview = text_of(lead.get(address("confirm", question)))
    assert question.asked_by.email in preview
    assert "Ja, altid." in preview
    for _twice in range(2):
        assert lead.post(address("confirm", question)).status_code == 302
    page = text_of(lawyer.get(address("rewrite", question)))
    assert "Ja, altid." in page
    texts = {
        "published_title": "Samtale med barnet",
        "published_question": "Skal der altid holdes en samtale?",
        "published_answer": "Ja, altid.",
        "topic": "inddragelse",
        "law": "barnets lov",
        "basis": [version.pk],
        "valid_from": "2024-01-01",
    }
    named = {**texts, "published_answer": f"Ja, også i {question.municipality.name}."}
    refused = lawyer.post(address("rewrite", question), named)
    assert refused.status_code == 422
    assert question.municipality.name in text_of(refused)
    assert lawyer.post(address("rewrite", question), texts).status_code == 302
    answer = PublishedAnswer.objects.get()
    assert lawyer.post(reverse("questions:move", kwargs={"pk": answer.pk, "name": "publish"}), {}).status_code == 409
    assert lead.post(reverse("questions:move", kwargs={"pk": answer.pk, "name": "publish"}), {}).status_code == 302
    assert "Samtale med barnet" in text_of(Client().get(reverse("questions:answers")))
    assert lead.get(address("rewrite", question)).status_code == 404


def test_a_draft_without_legal_basis_is_refused_at_the_form() -> None:
    question = QuestionFactory(assigned=True)
    page = signed_in(question.assigned_to).post(
        address("draft", question), {"answer": "Ja.", "other_basis": "", "version": question.version}
    )
    assert page.status_code == 422
    assert "Ja." in text_of(page)


def test_a_colleagues_draft_is_shown_beside_ones_own() -> None:
    question = QuestionFactory(assigned=True)
    draft = {"answer": "Kollegaens ord.", "other_basis": "forvaltningsloven § 19", "version": question.version}
    assert signed_in(StaffFactory()).post(address("draft", question), draft).status_code == 302
    page = signed_in(question.assigned_to).post(address("draft", question), {**draft, "answer": "Mine ord."})
    assert page.status_code == 409
    assert "Kollegaens ord." in text_of(page)
    assert "Mine ord." in text_of(page)


def test_the_asker_changes_the_question_and_others_do_not() -> None:
    question = QuestionFactory()
    client = signed_in(question.asked_by)
    assert client.get(address("change", question)).status_code == 200
    assert client.post(address("change", question), {**FORM, "version": question.version}).status_code == 302
    assert LegalQuestion.objects.get().title == FORM["title"]
    assert signed_in(StaffFactory()).get(address("change", question)).status_code == 404


def test_the_queue_tells_lawyers_whose_it_is_and_the_municipality_only_its_own() -> None:
    mine = QuestionFactory(assigned=True)
    other = QuestionFactory()
    page = text_of(signed_in(mine.assigned_to).get(reverse("questions:list"), {"whose": "mine"}))
    assert mine.reference in page
    assert other.reference not in page
    page = text_of(signed_in(other.asked_by).get(reverse("questions:list")))
    assert other.reference in page
    assert mine.reference not in page


@pytest.mark.parametrize("count", [25, 250])
def test_the_queue_is_light(count: int, django_assert_max_num_queries: Any) -> None:
    lawyer = StaffFactory()
    first = QuestionFactory(assigned=True, assigned_to=lawyer)
    LegalQuestion.objects.bulk_create(
        QuestionFactory.build(municipality=first.municipality, asked_by=None, assigned_to=lawyer, state="assigned")
        for _number in range(count)
    )
    client = signed_in(lawyer)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("questions:list")).status_code == 200
    assert client.get(reverse("questions:list"), {"format": "csv"}).status_code == 200


def test_start_pages_and_search_name_the_questions() -> None:
    question = QuestionFactory(title="Hvornår ophører tavshedspligten?")
    lawyer, leader = signed_in(StaffFactory()), signed_in(question.asked_by)
    assert question.reference in text_of(lawyer.get(reverse("home:workplace")))
    assert question.reference in text_of(leader.get(reverse("home:municipality", args=[question.municipality.code])))
    assert question.title in text_of(leader.get("/soeg/", {"q": "tavshedspligten"}))
    assert question.title not in text_of(Client().get("/soeg/", {"q": "tavshedspligten"}))


def test_the_queue_begins_with_what_is_due_first_and_ends_with_what_is_done() -> None:
    later = QuestionFactory(assigned=True)
    answered = QuestionFactory(answered=True, due_on="2020-01-01")
    late = QuestionFactory(due_on="2021-01-01")
    page = text_of(signed_in(StaffFactory()).get(reverse("questions:list")))
    places = [page.index(question.reference) for question in (late, later, answered)]
    assert places == sorted(places)


def test_a_rule_of_another_law_is_offered_once_when_the_law_is_not_known() -> None:
    shared = RequirementFactory(theme="organisation")
    for law, start in (("serviceloven", "2001-01-01"), ("barnets lov", "2002-01-01")):
        RequirementVersion.objects.create(
            requirement=shared,
            law=law,
            valid_from=start,
            paragraph="forvaltningsloven § 1",
            published_at=timezone.now(),
        )
    offered = [version for version in wordings("organisation", "") if version.requirement == shared]
    assert sorted(version.paragraph for version in offered) == ["forvaltningsloven § 1", "§ 1", "§ 2"]
