"""Certificates: by the run's rule, frozen when issued, checked by anyone with the code, and revoked without a trace lost."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from courses.completion import documents, limits, results
from courses.completion.models import Attendance, Certificate
from courses.completion.services import issue_certificates
from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice, OutboxMessage
from tests.factories import EnrolmentFactory, MembershipFactory, RunFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser() -> Any:
    return StaffFactory(group="courses")


def attended(run: Any, *marks: bool | None, **kwargs: Any) -> Any:
    """A participant with these marks for the sessions in order."""
    enrolment = EnrolmentFactory(run=run, **kwargs)
    for session, present in zip(run.sessions.all(), marks, strict=False):
        if present is not None:
            Attendance.objects.create(enrolment=enrolment, session=session, present=present)
    return enrolment


@pytest.fixture
def certificate(organiser: Any) -> Certificate:
    run = RunFactory(held=True, sessions=2)
    attended(run, True, True, person=UserFactory(first_name="Åse", last_name="Prøve"))
    return issue_certificates(run, by=organiser)[0]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def of_run(name: str, run: Any) -> str:
    return reverse(f"completion:{name}", kwargs=run.address_args)


# The rule ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "earning"),
    [
        ({"certificate_rule": "all"}, {"all"}),
        ({"certificate_rule": "at_least", "certificate_sessions": 2}, {"all", "two"}),
        ({"certificate_rule": "at_least", "certificate_sessions": 9}, {"all"}),
        ({"certificate_rule": "manual"}, set()),
        ({"certificate_rule": "none"}, set()),
    ],
)
def test_the_rule_of_the_run_says_who_gets_one(rule: dict[str, Any], earning: set[str], organiser: Any) -> None:
    run = RunFactory(held=True, sessions=3, **rule)
    people = {
        "all": attended(run, True, True, True),
        "two": attended(run, True, True, False),
        "unnoted": attended(run, True, None, None),
        "none": attended(run, False, False, False),
        "cancelled": attended(run, True, True, True, state="cancelled"),
    }
    made = {one.enrolment for one in issue_certificates(run, by=organiser)}
    assert made == {people[name] for name in earning}
    completed = run.enrolments.filter(completed_at__isnull=False)
    assert set(completed) == (made or ({people["all"]} if rule["certificate_rule"] == "none" else set()))


def test_the_organiser_chooses_where_the_rule_says_so(organiser: Any) -> None:
    run = RunFactory(held=True, certificate_rule="manual")
    chosen, other = attended(run, False), attended(run, True)
    stranger = attended(RunFactory(held=True), True)
    signed_in(organiser).post(of_run("certificates", run), {"chosen": [chosen.pk, stranger.pk, "x", "9" * 30]})
    assert [one.enrolment for one in Certificate.objects.all()] == [chosen]
    assert not Certificate.objects.filter(enrolment=other).exists()


def test_choosing_someone_does_not_bend_the_rule(organiser: Any) -> None:
    run = RunFactory(held=True)
    absent = attended(run, False)
    assert issue_certificates(run, by=organiser, chosen=[absent.pk]) == []


def test_the_page_says_who_gets_one_and_who_not_and_why(organiser: Any) -> None:
    run = RunFactory(held=True, sessions=2)
    attended(run, True, True)
    attended(run, True, False)
    attended(run, True, None)
    page = signed_in(organiser).get(of_run("certificates", run)).content.decode()
    assert "Får et kursusbevis" in page
    assert "Der kræves 2 kursusgange" in page
    assert "Fremmødet er ikke noteret for 1 kursusgang" in page
    assert "Udsted 1 kursusbevis" in page
    assert "Fremmøde noteret for 2 af 3" in page


def test_nobody_gets_one_before_the_run_is_over_or_when_it_is_cancelled(organiser: Any) -> None:
    run = RunFactory(held=True)
    attended(run, True)
    with pytest.raises(MoveRefused):
        issue_certificates(run, by=organiser, at=run.ends_at - timedelta(seconds=1))
    run.state = "cancelled"
    with pytest.raises(MoveRefused):
        issue_certificates(run, by=organiser)
    assert not Certificate.objects.exists()


def test_only_the_organiser_issues(organiser: Any) -> None:
    run = RunFactory(held=True)
    enrolment = attended(run, True)
    leader = MembershipFactory(municipality=enrolment.municipality, role="leader").user
    for other in (enrolment.person, leader, StaffFactory(group="network")):
        assert signed_in(other).post(of_run("certificates", run)).status_code == 404
        with pytest.raises(MoveRefused):
            issue_certificates(run, by=other)
    assert not Certificate.objects.exists()


def test_issuing_twice_gives_nobody_a_second_one(organiser: Any) -> None:
    run = RunFactory(held=True)
    first = attended(run, True)
    signed_in(organiser).post(of_run("certificates", run))
    late = attended(run, True)
    signed_in(organiser).post(of_run("certificates", run))
    signed_in(organiser).post(of_run("certificates", run))
    assert sorted(Certificate.objects.values_list("enrolment", flat=True)) == sorted([first.pk, late.pk])
    twin = Certificate.objects.all()[0]
    twin.pk, twin.number, twin.code = None, "K-2019-9999", "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_numbers_are_consecutive_and_each_person_is_told_with_a_link(organiser: Any) -> None:
    run = RunFactory(held=True)
    people = [attended(run, True) for _number in range(3)]
    made = issue_certificates(run, by=organiser)
    numbers = [int(one.number.rpartition("-")[2]) for one in made]
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert {notice.recipient_id: notice.address for notice in Notice.objects.all()} == {
        one.person_id: one.get_absolute_url() for one in made
    }
    assert OutboxMessage.objects.count() == len(people)


def test_issuing_to_250_takes_as_many_queries_as_to_25(organiser: Any, django_assert_max_num_queries: Any) -> None:
    few, many = (RunFactory(held=True, capacity=300) for _number in range(2))
    for run, count in ((few, 25), (many, 250)):
        municipality = EnrolmentFactory(run=run).municipality
        EnrolmentFactory.create_batch(count - 1, run=run, municipality=municipality)
        session = run.sessions.get()
        Attendance.objects.bulk_create(
            Attendance(enrolment=one, session=session, present=True) for one in run.enrolments.all()
        )
    with django_assert_max_num_queries(40) as first:
        assert len(issue_certificates(few, by=organiser)) == 25
    with django_assert_max_num_queries(40) as second:
        assert len(issue_certificates(many, by=organiser)) == 250
    assert len(second) <= len(first)
    client = signed_in(organiser)
    with django_assert_max_num_queries(15):
        client.get(of_run("certificates", many))


# Frozen ------------------------------------------------------------------------------------------
def test_what_is_on_it_does_not_change_afterwards(certificate: Certificate) -> None:
    before = dict(certificate.facts)
    assert (before["name"], before["attended"], before["of"]) == ("Åse Prøve", 2, 2)
    run, person = certificate.enrolment.run, certificate.person
    person.first_name = "Bodil"
    person.save()
    run.course.title_da = "Nyt navn"
    run.course.save()
    type(run).objects.filter(pk=run.pk).update(own_title="Nyt hold", ends_at=timezone.now())
    run.sessions.all().delete()
    certificate = Certificate.objects.get(pk=certificate.pk)
    assert certificate.facts == before
    page = Client().get(certificate.get_absolute_url()).content.decode()
    assert "Åse Prøve" in page
    assert before["title"] in page
    assert "Bodil" not in page
    assert "Nyt" not in page


# The public check --------------------------------------------------------------------------------
def test_anyone_with_the_code_sees_name_course_days_and_validity_and_nothing_else(certificate: Certificate) -> None:
    response = Client().get(certificate.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "Kursusbeviset er gyldigt" in page
    assert "Åse Prøve" in page
    assert certificate.facts["title"] in page
    hidden = [certificate.person.email, certificate.enrolment.municipality.name, certificate.number, "2 af 2"]
    assert [text for text in hidden if text in page] == []


def test_a_code_is_found_however_it_is_typed(certificate: Certificate) -> None:
    client = Client()
    typed = f" {certificate.spaced_code.upper()} ".replace(" ", " - ", 1)
    response = client.post(reverse("completion:check"), {"code": typed}, follow=True)
    assert response.status_code == 200
    assert "Kursusbeviset er gyldigt" in response.content.decode()
    for typed in (
        certificate.code.upper(),
        certificate.spaced_code,
        f"{certificate.code[:13]}-{certificate.code[13:]}",
    ):
        assert client.get(reverse("completion:certificate", args=[typed])).status_code == 200


def test_every_unknown_code_gets_the_same_answer(certificate: Certificate) -> None:
    near = certificate.code[:-1] + ("2" if certificate.code[-1] != "2" else "3")
    guesses = [near, certificate.number, "x", "0" * 26, "æøå", "'; drop", "a" * 500, str(certificate.pk), "-"]
    answers = set()
    for guess in guesses:
        response = Client().get(reverse("completion:certificate", args=[guess]))
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        page = response.content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        # The switch of language leads to the same address; nothing else may differ.
        page = page.replace(token, "").split('<main id="main-content"')[1].split("</main>")[0]
        answers.add((response.status_code, page))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_code_that_is_no_code_is_answered_like_an_unknown_one() -> None:
    response = Client().post(reverse("completion:check"), {"code": "../../etc"}, follow=True)
    assert response.status_code == 404
    assert Client().post(reverse("completion:check"), {"code": ""}).status_code == 200


def test_guessing_is_slowed_down_for_the_one_who_guesses(certificate: Certificate, settings: Any) -> None:
    guesser, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    unknown = reverse("completion:certificate", args=["2" * 26])
    codes = [guesser.get(unknown).status_code for _number in range(limits.WRONG_CODES + 1)]
    assert codes == [404] * limits.WRONG_CODES + [429]
    # A right code is not told from a wrong one any more, and nobody else is slowed down.
    refused = guesser.get(certificate.get_absolute_url())
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert "Åse" not in refused.content.decode()
    assert other.get(certificate.get_absolute_url()).status_code == 200
    guesser.force_login(certificate.person)
    assert guesser.get(certificate.get_absolute_url()).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=2 * limits.WINDOW), tick=False):
        assert other.get(unknown).status_code == 404


def test_one_network_of_addresses_counts_as_one_client() -> None:
    unknown = reverse("completion:certificate", args=["2" * 26])
    codes = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").get(unknown).status_code
        for number in range(1, limits.WRONG_CODES + 2)
    ]
    assert codes[-1] == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get(unknown).status_code == 404


def test_looking_up_right_codes_is_never_slowed_down(certificate: Certificate) -> None:
    client = Client()
    found = {client.get(certificate.get_absolute_url()).status_code for _number in range(limits.WRONG_CODES + 5)}
    assert found == {200}


def test_codes_are_long_and_differ(organiser: Any) -> None:
    run = RunFactory(held=True)
    for _number in range(5):
        attended(run, True)
    codes = [one.code for one in issue_certificates(run, by=organiser)]
    assert len(set(codes)) == 5
    assert all(len(code) == 26 and not set(code) & set("01ilo") for code in codes)


# Revocation --------------------------------------------------------------------------------------
def test_a_revoked_certificate_shows_the_day_and_not_the_reason(certificate: Certificate, organiser: Any) -> None:
    address = reverse("completion:move", args=[certificate.number, "revoke"])
    client = signed_in(organiser)
    assert client.post(address, {"note": ""}).status_code == 422
    assert Certificate.objects.get().is_valid
    client.post(address, {"note": "Fremmødet var noteret forkert"})
    page = Client().get(certificate.get_absolute_url()).content.decode()
    assert "Kursusbeviset er tilbagekaldt" in page
    assert "Det blev tilbagekaldt den" in page
    assert "gyldigt" not in page.split("<main")[1]
    assert "Fremmødet var" not in page
    own = signed_in(certificate.person).get(certificate.get_absolute_url()).content.decode()
    assert "Fremmødet var" not in own
    assert "Fremmødet var" in client.get(certificate.get_absolute_url()).content.decode()
    told = Notice.objects.filter(recipient=certificate.person).latest("pk")
    assert "tilbagekaldt" in told.subject
    assert "Fremmødet var" not in told.body
    certificate.enrolment.refresh_from_db()
    assert certificate.enrolment.completed_at is None


def test_a_new_one_after_a_revocation_is_chosen_and_has_another_number(
    certificate: Certificate, organiser: Any
) -> None:
    run = certificate.enrolment.run
    move(certificate, "revoke", by=organiser, note="Navnet var forkert")
    assert issue_certificates(run, by=organiser) == []
    (again,) = issue_certificates(run, by=organiser, chosen=[certificate.enrolment_id])
    assert again.number != certificate.number
    assert again.code != certificate.code
    certificate.refresh_from_db()
    assert not certificate.is_valid
    assert certificate.facts["name"] == "Åse Prøve"
    certificate.enrolment.refresh_from_db()
    assert certificate.enrolment.completed_at is not None


def test_who_may_revoke(certificate: Certificate, organiser: Any) -> None:
    leader = MembershipFactory(municipality=certificate.enrolment.municipality, role="leader").user
    for user in (certificate.person, leader, StaffFactory(group="network")):
        with pytest.raises(MoveRefused):
            move(certificate, "revoke", by=user, note="Nej")
    certificate.person.groups.add(*organiser.groups.all())
    with pytest.raises(MoveRefused):  # not the own one
        move(certificate, "revoke", by=type(organiser).objects.get(pk=certificate.person_id), note="Nej")


# The paper ---------------------------------------------------------------------------------------
def test_the_pdf_is_for_the_person_the_leader_and_the_organiser(certificate: Certificate, organiser: Any) -> None:
    address = reverse("completion:certificate_pdf", args=[certificate.code])
    municipality = certificate.enrolment.municipality
    answers = {
        who: signed_in(user).get(address).status_code
        for who, user in {
            "person": certificate.person,
            "leader": MembershipFactory(municipality=municipality, role="leader").user,
            "organiser": organiser,
            "colleague": MembershipFactory(municipality=municipality, role="caseworker").user,
            "other leader": MembershipFactory(role="leader").user,
        }.items()
    }
    assert answers == {"person": 200, "leader": 200, "organiser": 200, "colleague": 404, "other leader": 404}
    assert Client().get(address).headers["Location"] == f"/konto/login/?next={address}"


def test_the_pdf_is_tagged_one_page_and_says_what_was_frozen(certificate: Certificate) -> None:
    reader = PdfReader(io.BytesIO(documents.certificate_pdf(certificate)))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "da"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata
    assert reader.metadata.title == f"Kursusbevis {certificate.number}"
    (page,) = reader.pages
    text = " ".join(page.extract_text().split())
    for part in (
        "Åse Prøve",
        certificate.facts["title"],
        certificate.number,
        certificate.spaced_code,
        "2 af 2 kursusgange",
        f"{settings.SITE_URL}/bevis/",
        "Mødelokale 1, Odense",
    ):
        assert part in text, text


def test_long_names_and_titles_still_fit_on_one_page(certificate: Certificate) -> None:
    certificate.facts |= {
        "name": "Christina-Margrethe Elisabeth Vestergaard-Frederiksen " * 2,
        "title": "Inddragelse af børn og unge i den børnefaglige undersøgelse, når samarbejdet er svært " * 2,
        "places": ["Ankestyrelsen, Teglholmsgade 3, 2450 København SV", "Nordager Rådhus, Store Torv 1", "online"],
    }
    assert len(PdfReader(io.BytesIO(documents.certificate_pdf(certificate))).pages) == 1


def test_a_revoked_certificate_cannot_be_fetched(certificate: Certificate, organiser: Any) -> None:
    move(certificate, "revoke", by=organiser, note="Fejl")
    response = signed_in(certificate.person).get(reverse("completion:certificate_pdf", args=[certificate.code]))
    assert response.headers["Location"] == certificate.get_absolute_url()


def test_own_certificates_and_those_of_the_municipality_are_visible(certificate: Certificate) -> None:
    municipality = certificate.enrolment.municipality
    coordinator = MembershipFactory(municipality=municipality, role="coordinator").user
    for user in (certificate.person, coordinator):
        assert list(Certificate.objects.visible_to(user)) == [certificate]
    assert not Certificate.objects.visible_to(UserFactory()).exists()


def test_an_outcome_counts_what_was_attended(organiser: Any) -> None:
    run = RunFactory(held=True, sessions=3)
    attended(run, True, False, None)
    (found,) = results.outcomes(run)
    assert (found.attended, found.noted, found.of, found.earns) == (1, 2, 3, False)
