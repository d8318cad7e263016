"""From sign-off to receipt: exactly these answers, before the deadline, once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from engagements.applications import demo, readiness, services
from engagements.applications.models import Application, SignOff
from engagements.lifecycle import MoveRefused
from engagements.notices.models import Notice, OutboxMessage
from engagements.people.models import Invitation
from engagements.records.models import Document
from tests import factories as f

from .conftest import Staff, Town, browse, make_town

pytestmark = pytest.mark.django_db


def submit_url(application: Application) -> str:
    """The last page."""
    return reverse("applications:submit", args=[application.reference])


def submissions() -> int:
    """How many the log knows of."""
    return ModelLogEntry.objects.filter(action="engagements.application.submit").count()


def test_the_mailed_link_ends_in_sign_in_and_then_at_the_answers(town: Town) -> None:
    application = town.complete()
    services.request_sign_off(application, email=town.director.email, by=town.coordinator)
    link = Notice.objects.get(recipient=town.director).address
    assert link == reverse("applications:sign_off", args=[SignOff.objects.get().token])
    from django.test import Client

    anonymous = Client().get(link)
    assert anonymous.status_code == 302
    assert "/konto/" in anonymous.url
    assert link in anonymous.url
    page = browse(town.director).get(link, follow=True)
    assert demo.answers(0)["political"]["body"] in page.content.decode()


def test_a_double_click_asks_the_director_once(town: Town) -> None:
    application = town.complete()
    url = reverse("applications:request_sign_off", args=[application.reference])
    for _ in range(2):
        assert browse(town.coordinator).post(url, {"signer": town.director.email}).status_code == 302
    assert SignOff.objects.count() == 1
    assert Notice.objects.filter(recipient=town.director).count() == 1


def test_the_link_alone_gives_nobody_access(town: Town) -> None:
    application = town.complete()
    link = reverse(
        "applications:sign_off",
        args=[services.request_sign_off(application, email=town.director.email, by=town.leader).token],
    )
    stranger = f.MembershipFactory(role="director").user
    for person in (stranger, town.leader, town.coordinator):
        assert browse(person).get(link).status_code == 404
    assert browse(stranger).post(reverse("applications:sign", args=[application.reference])).status_code == 404
    assert readiness.sign_off_standing(application).kind == "requested"


def test_an_address_without_an_account_is_invited_as_director_by_a_leader_only(town: Town) -> None:
    application = town.complete()
    with pytest.raises(MoveRefused):
        services.request_sign_off(application, email="ny@example.org", by=town.coordinator)
    assert not SignOff.objects.exists()
    asked = services.request_sign_off(application, email="ny@example.org", by=town.leader)
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.next_address) == (
        "director",
        reverse("applications:sign_off", args=[asked.token]),
    )


def test_a_deputy_may_sign_and_it_is_said_that_a_deputy_did(town: Town) -> None:
    deputy = f.MembershipFactory(municipality=town.municipality, role="deputy").user
    signed = services.sign_off(town.complete(), by=deputy)
    assert (signed.signer, signed.signed_role) == (deputy, "deputy")


def test_a_changed_answer_invalidates_the_sign_off_and_the_page_says_so(town: Town) -> None:
    application = town.signed()
    assert readiness.missing(application, at=timezone.now()) == []
    section = application.sections.get(key="motivation")
    services.save_section(
        application,
        key="motivation",
        answers=section.answers | {"focus": "Noget andet"},
        complete=True,
        expected_version=section.version,
        by=town.leader,
    )
    assert readiness.sign_off_standing(application).kind == "outdated"
    answer = browse(town.leader).post(submit_url(application))
    assert answer.status_code == 409
    assert readiness.signed_off(application, timezone.now()) in answer.content.decode()
    services.sign_off(application, by=town.director)
    assert readiness.missing(application, at=timezone.now()) == []


def test_answers_changed_while_the_director_reads_are_not_signed_unread(town: Town) -> None:
    application = town.complete()
    read = readiness.digest(application)
    application.sections.filter(key="cases").update(answers={"remarks": "Nyt"})
    url = reverse("applications:sign", args=[application.reference])
    browse(town.director).post(url, {"digest": read})
    assert not application.sign_offs.exists()


def test_an_incomplete_application_is_neither_signed_nor_submitted(town: Town) -> None:
    application = town.draft()
    with pytest.raises(MoveRefused):
        services.sign_off(application, by=town.director)
    answer = browse(town.leader).post(submit_url(application))
    assert answer.status_code == 409
    assert submissions() == 0


def test_only_a_leader_submits(town: Town) -> None:
    application = town.signed()
    for person in (town.coordinator, town.director):
        assert browse(person).post(submit_url(application)).status_code == 404
        with pytest.raises(MoveRefused):
            services.submit_application(application, by=person)
    assert submissions() == 0


CLOSES = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)  # noon in Copenhagen


@pytest.mark.parametrize(("late", "arrives"), [(timedelta(seconds=-1), True), (timedelta(0), False)])
def test_the_deadline_is_kept_to_the_second_of_arrival(late: timedelta, arrives: bool) -> None:
    with time_machine.travel(CLOSES - timedelta(hours=5), tick=False):
        town = make_town(opens_at=CLOSES - timedelta(days=70), closes_at=CLOSES)
        application = town.signed()
    with time_machine.travel(CLOSES + late, tick=False):
        answer = browse(town.leader).post(submit_url(application))
    application.refresh_from_db()
    assert (application.state == "submitted") is arrives
    assert submissions() == int(arrives)
    if not arrives:
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "12.00.00" in page
        assert application.case_no is None
        assert not Document.objects.exists()


def test_what_arrived_in_time_is_accepted_though_the_work_ends_after_the_deadline() -> None:
    with time_machine.travel(CLOSES - timedelta(hours=1), tick=False):
        town = make_town(opens_at=CLOSES - timedelta(days=70), closes_at=CLOSES)
        application = town.signed()
    with time_machine.travel(CLOSES + timedelta(seconds=3), tick=False):
        services.submit_application(application, by=town.leader, at=CLOSES - timedelta(milliseconds=1))
    application.refresh_from_db()
    assert application.submitted_at == CLOSES - timedelta(milliseconds=1)


def test_a_double_click_submits_once_and_both_clicks_end_at_the_receipt(town: Town) -> None:
    application = town.signed()
    client = browse(town.leader)
    answers = [client.post(submit_url(application)) for _ in range(2)]
    receipt = reverse("applications:receipt", args=[application.reference])
    assert [answer.url for answer in answers] == [receipt, receipt]
    assert submissions() == 1
    assert Document.objects.count() == 1


def test_the_receipt_comes_as_page_mail_and_pdf_with_the_case_number(
    town: Town, staff: Staff, django_capture_on_commit_callbacks: object
) -> None:
    application = town.signed()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        browse(town.leader).post(submit_url(application))
    application.refresh_from_db()
    assert application.case_no == f"{timezone.localdate().year}-0001"
    page = browse(town.leader).get(reverse("applications:receipt", args=[application.reference]))
    assert application.shown_number in page.content.decode()
    told = {message.to[0]: message for message in mail.outbox}
    assert {town.leader.email, town.coordinator.email, town.director.email} <= set(told)
    assert {staff.lead.email, staff.legal.email, staff.social.email} <= set(told)
    assert told[town.director.email].attachments[0][0].endswith(".pdf")
    assert OutboxMessage.objects.filter(to=staff.lead.email).get().attachment == ""
    paper = browse(town.director).get(reverse("applications:paper", args=[application.reference, "kvittering"]))
    assert b"".join(paper.streaming_content)[:5] == b"%PDF-"


def test_staff_who_are_inhabil_hear_and_see_nothing(town: Town, staff: Staff) -> None:
    from engagements.people.models import Disqualification

    Disqualification.objects.create(user=staff.legal, municipality=town.municipality)
    application = town.submitted()
    assert not Notice.objects.filter(recipient=staff.legal).exists()
    assert browse(staff.legal).get(application.get_absolute_url()).status_code == 404


def test_reminders_go_out_once_for_a_draft_before_the_deadline(town: Town) -> None:
    from engagements.notices.services import remind

    town.draft()
    closes = timezone.localdate(town.round.closes_at)
    assert remind(day=closes - timedelta(days=8)) == 0
    assert remind(day=closes - timedelta(days=7)) == 2
    assert remind(day=closes - timedelta(days=6)) == 0
    assert remind(day=closes - timedelta(days=1)) == 2
