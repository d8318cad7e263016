"""A municipality asks, a lawyer writes, another confirms; nobody approves the own and no child is named."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused, move, moves_for
from engagements.notices.models import Notice
from engagements.people.models import Disqualification
from engagements.questions import services
from engagements.questions.models import LegalQuestion
from engagements.questions.waiting import awaited
from tests.factories import MembershipFactory, MunicipalityFactory, QuestionFactory, RequirementFactory, StaffFactory

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Skal alle parter høres?",
    "text": "Gælder det også begunstigende afgørelser?",
    "topic": "sagsbehandling",
}


@pytest.fixture
def asker() -> Any:
    return MembershipFactory(role="caseworker").user


@pytest.fixture
def home(asker: Any) -> Any:
    return asker.memberships.get().municipality


@pytest.fixture
def peter() -> Any:
    return StaffFactory()


@pytest.fixture
def lead() -> Any:
    return StaffFactory(group="lead")


def ask(home: Any, asker: Any, **changes: Any) -> LegalQuestion:
    return services.ask(municipality=home, by=asker, **{**WORDS, **changes})


def write(question: LegalQuestion, by: Any, **changes: Any) -> LegalQuestion:
    question.refresh_from_db()
    said = {"answer": "Ja.", "basis": [], "other_basis": "forvaltningsloven § 19", **changes}
    return services.write_draft(question, version=said.pop("version", question.version), by=by, **said)


def subjects(user: Any) -> list[str]:
    return list(Notice.objects.filter(recipient=user).values_list("subject", flat=True))


def test_a_question_gets_a_reference_and_ten_working_days(home: Any, asker: Any) -> None:
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):  # a Friday
        question = ask(home, asker)
    assert question.reference == "SP-2026-0001"
    assert question.due_on == date(2026, 12, 4)


def test_the_lawyers_hear_of_a_question_and_the_asker_gets_a_receipt(
    home: Any, asker: Any, peter: Any, lead: Any
) -> None:
    inhabil = StaffFactory()
    Disqualification.objects.create(user=inhabil, municipality=home)
    question = ask(home, asker)
    assert subjects(asker) == [f"Vi har modtaget jeres spørgsmål ({question.reference})"]
    assert len(subjects(peter)) == len(subjects(lead)) == 1
    assert subjects(inhabil) == []


def test_a_question_sent_twice_is_asked_once(home: Any, asker: Any) -> None:
    assert ask(home, asker) == ask(home, asker)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        ask(home, asker)
    assert LegalQuestion.objects.count() == 2


@pytest.mark.parametrize("role", ["leader", "coordinator", "caseworker"])
def test_those_who_work_with_cases_ask(home: Any, role: str) -> None:
    assert ask(home, MembershipFactory(municipality=home, role=role).user).state == "asked"


@pytest.mark.parametrize("role", ["council", "director", "controller"])
def test_others_do_not_ask(home: Any, role: str) -> None:
    with pytest.raises(MoveRefused):
        ask(home, MembershipFactory(municipality=home, role=role).user)
    with pytest.raises(MoveRefused):
        ask(MunicipalityFactory(), MembershipFactory(municipality=home, role=role).user)


@pytest.mark.parametrize("text", ["Moren har 010203-1234.", "Drengen Oliver Jensen bor hos sin far."])
def test_a_child_is_never_named(home: Any, asker: Any, peter: Any, text: str) -> None:
    with pytest.raises(ValidationError):
        ask(home, asker, text=text)
    question = QuestionFactory(assigned=True, assigned_to=peter)
    with pytest.raises(ValidationError):
        write(question, peter, answer=text)
    with pytest.raises(ValidationError):
        services.write_note(question, text=text, by=peter)
    question.refresh_from_db()
    assert question.answer == ""
    assert not LegalQuestion.objects.filter(text=text).exists()


def test_a_question_goes_to_a_legal_consultant_who_is_impartial(peter: Any, lead: Any) -> None:
    question = QuestionFactory()
    barred = StaffFactory()
    Disqualification.objects.create(user=barred, municipality=question.municipality)
    for person in (barred, StaffFactory(agency="social", group="social"), question.asked_by):
        with pytest.raises(MoveRefused):
            services.assign(question, lawyer=person, due_on=question.due_on, by=lead)
    with pytest.raises(MoveRefused):
        services.assign(question, lawyer=peter, due_on=question.due_on, by=barred)
    services.assign(question, lawyer=peter, due_on=question.due_on, by=lead)
    assert (question.state, question.assigned_to) == ("assigned", peter)
    assert any(question.reference in subject for subject in subjects(peter))


def test_the_answer_reaches_the_municipality_when_a_second_lawyer_confirms(
    home: Any, asker: Any, peter: Any, lead: Any
) -> None:
    question = ask(home, asker)
    services.assign(question, lawyer=peter, due_on=question.due_on, by=lead)
    write(question, peter)
    services.move_question(question, "submit_draft", by=peter)
    before = len(subjects(asker))
    with pytest.raises(MoveRefused):
        services.move_question(question, "confirm", by=peter)
    services.move_question(question, "confirm", by=lead)
    assert question.state == "answered"
    assert question.confirmed_by == lead
    assert len(subjects(asker)) == before + 1


def test_whoever_has_written_a_word_does_not_confirm(peter: Any, lead: Any) -> None:
    question = QuestionFactory(assigned=True, assigned_to=peter)
    write(question, lead, answer="Først lederen.")
    write(question, peter, answer="Så juristen.")
    services.move_question(question, "submit_draft", by=peter)
    for writer in (lead, peter):
        with pytest.raises(MoveRefused):
            move(question, "confirm", by=writer)
        assert "confirm" not in {one.name for one in moves_for(question, writer)}
    move(question, "confirm", by=StaffFactory())


def test_an_answer_without_legal_basis_is_not_sent_on(peter: Any) -> None:
    question = QuestionFactory(assigned=True, assigned_to=peter)
    write(question, peter, other_basis="")
    with pytest.raises(MoveRefused):
        move(question, "submit_draft", by=peter)
    write(question, peter, other_basis="", basis=[RequirementFactory().versions.first()])
    assert move(question, "submit_draft", by=peter).state == "second_reading"


def test_a_returned_answer_goes_back_to_its_writer_with_a_note(peter: Any, lead: Any) -> None:
    question = QuestionFactory(drafted=True, assigned_to=peter)
    with pytest.raises(MoveRefused):
        move(question, "send_back", by=lead)
    move(question, "send_back", by=lead, note="Henvis også til § 24.")
    assert question.state == "assigned"
    assert len(subjects(peter)) == 1


def test_an_answer_in_second_reading_is_not_changed(peter: Any) -> None:
    question = QuestionFactory(drafted=True, assigned_to=peter)
    with pytest.raises(MoveRefused):
        write(question, peter)


def test_two_lawyers_do_not_overwrite_each_other(peter: Any, lead: Any) -> None:
    question = QuestionFactory(assigned=True, assigned_to=peter)
    opened = question.version
    write(question, lead, answer="Lederens ord.")
    with pytest.raises(StaleError):
        write(question, peter, answer="Juristens ord.", version=opened)
    question.refresh_from_db()
    assert question.answer == "Lederens ord."


def test_a_wrong_answer_is_corrected_and_the_earlier_one_kept(peter: Any, lead: Any) -> None:
    question = QuestionFactory(answered=True, assigned_to=peter)
    asker = question.asked_by
    services.move_question(question, "correct", by=lead, note="Loven er ændret.")
    assert question.state == "assigned"
    assert any("bliver rettet" in subject for subject in subjects(asker))
    from wagtail.log_actions import registry

    kept = registry.get_logs_for_instance(question).get(action="engagements.legalquestion.earlier_answer")
    assert kept.data["note"] == question.answer
    assert kept.data["internal"] is True
    with pytest.raises(MoveRefused):  # somebody must stand by the text anew
        move(question, "submit_draft", by=peter)
    write(question, lead, answer="Nej.")
    move(question, "submit_draft", by=lead)
    assert move(question, "confirm", by=peter).state == "answered"


def test_the_municipality_changes_its_words_until_a_lawyer_has_them(home: Any, asker: Any) -> None:
    question = ask(home, asker)
    services.change_question(question, version=1, by=asker, law="barnets lov", **{**WORDS, "title": "Nye ord"})
    assert LegalQuestion.objects.get().title == "Nye ord"
    services.assign(question, lawyer=StaffFactory(), due_on=question.due_on, by=StaffFactory())
    with pytest.raises(MoveRefused):
        services.change_question(question, version=question.version, by=asker, law="", **WORDS)


def test_the_asker_and_the_leader_withdraw_others_do_not() -> None:
    question = QuestionFactory(drafted=True)
    with pytest.raises(MoveRefused):
        move(question, "withdraw", by=MembershipFactory(municipality=question.municipality, role="caseworker").user)
    move(question, "withdraw", by=MembershipFactory(municipality=question.municipality).user)
    assert len(subjects(question.assigned_to)) == 1
    assert list(awaited([question], question.asked_by)) == []


def test_closing_without_an_answer_tells_why() -> None:
    question = QuestionFactory()
    lead = StaffFactory(group="lead")
    with pytest.raises(MoveRefused):
        move(question, "reject", by=lead)
    move(question, "reject", by=lead, note="Spørgsmålet er om én sag; vend jer til Ankestyrelsens telefon.")
    assert "Ankestyrelsens" in Notice.objects.get(recipient=question.asked_by).body


def test_reminders_go_out_once_before_and_once_after_the_due_date() -> None:
    from engagements.notices.services import remind

    lead = StaffFactory(group="lead")
    question = QuestionFactory(assigned=True, due_on=timezone.localdate() + timedelta(days=2))
    for _again in range(2):
        remind(day=timezone.localdate())
    assert len(subjects(question.assigned_to)) == 1
    assert subjects(lead) == []
    for _again in range(2):
        remind(day=timezone.localdate() + timedelta(days=3))
    assert len(subjects(question.assigned_to)) == 2
    assert len(subjects(lead)) == 1


def test_each_side_sees_what_awaits_whom(peter: Any, lead: Any) -> None:
    question = QuestionFactory(drafted=True, assigned_to=peter)
    mine = {user: next(awaited([question], user)).mine for user in (peter, lead, question.asked_by)}
    assert mine == {peter: False, lead: True, question.asked_by: False}
