"""Filling an application: over several days, with colleagues, incomplete, and never losing what was typed."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from engagements.applications import demo, services
from engagements.applications.models import Application
from engagements.applications.sections import BY_KEY, SECTIONS, examine
from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.notices.models import Notice
from engagements.people.models import Invitation
from engagements.programme.models import Offer
from tests import factories as f

from .conftest import Town, browse

pytestmark = pytest.mark.django_db
CPR = "010203-4321"


def address(application: Application, key: str, name: str = "section") -> str:
    """The page of a section."""
    return reverse(f"applications:{name}", args=[application.reference, key])


def posted(key: str, *, version: int = 1, **changes: Any) -> dict[str, Any]:
    """A section's complete answers as a browser sends them."""
    declared = BY_KEY[key]
    values = declared.form.from_answers(demo.answers(0)[key])
    sent = {name: declared.form.base_fields[name].prepare_value(value) for name, value in values.items()}
    return {name: value for name, value in (sent | changes).items() if value is not None} | {"version": version}


def test_a_leader_begins_leaves_and_goes_on_the_next_day(town: Town) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = browse(town.leader).post(
            reverse("applications:begin"), {"municipality": town.municipality.pk, "round": town.round.pk}
        )
        application = Application.objects.get()
        assert answer.url == application.get_absolute_url()
        saved = browse(town.leader).post(address(application, "motivation"), posted("motivation", focus="", later="1"))
        assert saved.url == application.get_absolute_url()
        clock.shift(timedelta(days=1))
        page = browse(town.leader).get(address(application, "motivation")).content.decode()
    assert demo.answers(0)["motivation"]["motivation"][:40] in unescape(page)
    assert application.sections.get(key="motivation").complete is False


def test_a_coordinator_continues_what_the_leader_began(town: Town) -> None:
    application = town.draft()
    again = services.begin_application(municipality=town.municipality, round=town.round, by=town.coordinator)
    assert again == application
    browse(town.coordinator).post(address(application, "guideposts"), posted("guideposts"))
    section = application.sections.get(key="guideposts")
    assert (section.saved_by, section.complete) == (town.coordinator, True)
    assert str(town.coordinator) in browse(town.leader).get(application.get_absolute_url()).content.decode()


def test_a_municipality_has_one_application_per_round(town: Town) -> None:
    client = browse(town.leader)
    for _ in range(2):
        client.post(reverse("applications:begin"), {"municipality": town.municipality.pk, "round": town.round.pk})
    assert Application.objects.count() == 1


def test_nothing_is_begun_in_a_round_that_is_closed(town: Town) -> None:
    with pytest.raises(MoveRefused):
        services.begin_application(municipality=town.municipality, round=f.RoundFactory(closed=True), by=town.leader)
    assert not Application.objects.exists()


def test_nothing_is_begun_while_an_engagement_of_the_same_offer_runs(town: Town) -> None:
    engagement = f.EngagementFactory(municipality=town.municipality, offer=town.round.offer)
    client, address = browse(town.leader), reverse("applications:begin")
    page = client.get(address)
    assert f"({engagement.shown_case_no})" in page.content.decode()
    assert 'name="round"' not in page.content.decode()
    refused = client.post(address, {"municipality": town.municipality.pk, "round": town.round.pk}, follow=True)
    assert f"har et igangværende forløb af denne slags ({engagement.shown_case_no})" in refused.content.decode()
    assert not Application.objects.exists()
    engagement.state = "closed"
    engagement.save()
    assert town.draft().pk


def test_another_offer_may_be_applied_for_while_an_engagement_runs(town: Town) -> None:
    other = f.RoundFactory(offer=Offer.objects.exclude(pk=town.round.offer_id).first())
    f.EngagementFactory(municipality=town.municipality, offer=town.round.offer)
    page = browse(town.leader).get(reverse("applications:begin"))
    assert page.context["form"].fields["round"].queryset.get() == other
    assert services.begin_application(municipality=town.municipality, round=other, by=town.leader).pk


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_every_section_is_complete_with_all_answers_and_may_be_saved_with_none(section: Any) -> None:
    assert examine(section, demo.answers(3)[section.key]).is_complete
    empty = examine(section, {})
    assert empty.is_valid()
    assert not empty.is_complete


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_cpr_number_is_refused_in_every_text_and_the_rest_is_kept(town: Town, section: Any) -> None:
    application = town.draft()
    texts = [name for name, field in section.form.base_fields.items() if type(field).__name__ == "CharField"]
    others = [name for name in section.form.base_fields if name not in texts]
    for name in texts:
        answer = browse(town.leader).post(
            address(application, section.key), posted(section.key, **{name: f"Se sag {CPR} fra i går"})
        )
        page = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "CPR" in page
        assert page.count(CPR) == 1  # only where it was typed
        for other in texts:
            if other != name and demo.answers(0)[section.key].get(other):
                assert demo.answers(0)[section.key][other].splitlines()[0] in page
    assert others or texts
    assert application.sections.get(key=section.key).answers == {}


def test_a_wrong_date_and_a_number_out_of_bounds_are_refused_and_name_their_field(town: Town) -> None:
    application = town.draft()
    client = browse(town.leader)
    answer = client.post(address(application, "political"), posted("political", meeting_on="31.02.2026"))
    assert answer.status_code == 422
    assert "id_meeting_on" in answer.content.decode()
    answer = client.post(address(application, "organisation"), posted("organisation", turnover="130"))
    assert answer.status_code == 422
    answer = client.post(
        address(application, "cases"), posted("cases", starts_earliest="2027-05-01", starts_latest="2027-04-01")
    )
    assert answer.status_code == 422


def test_the_second_of_two_writers_sees_both_versions_and_chooses(town: Town) -> None:
    application = town.draft()
    browse(town.coordinator).post(address(application, "motivation"), posted("motivation", focus="Undersøgelser"))
    client = browse(town.leader)
    answer = client.post(address(application, "motivation"), posted("motivation", focus="Underretninger"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Undersøgelser" in page
    assert "Underretninger" in page
    assert str(town.coordinator) in page
    assert application.sections.get(key="motivation").answers["focus"] == "Undersøgelser"
    client.post(address(application, "motivation"), posted("motivation", focus="Underretninger", version=2))
    assert application.sections.get(key="motivation").answers["focus"] == "Underretninger"


def test_the_service_refuses_a_stale_version(town: Town) -> None:
    application = town.draft()
    options: dict[str, Any] = {"key": "guideposts", "complete": False, "by": town.leader, "expected_version": 1}
    services.save_section(application, answers={"guideposts_why": "a"}, **options)
    with pytest.raises(StaleError):
        services.save_section(application, answers={"guideposts_why": "b"}, **options)


def test_the_draft_saves_itself_and_a_conflict_stops_it(town: Town) -> None:
    application = town.draft()
    client = browse(town.leader)
    first = client.post(address(application, "motivation", "autosave"), posted("motivation", motivation="Halv"))
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert application.sections.get(key="motivation").answers["motivation"] == "Halv"
    stale = client.post(address(application, "motivation", "autosave"), posted("motivation", motivation="Anden"))
    assert stale.status_code == 409
    assert application.sections.get(key="motivation").answers["motivation"] == "Halv"
    refused = client.post(
        address(application, "motivation", "autosave"), posted("motivation", version=2, focus=f"Barn {CPR}")
    )
    assert refused.status_code == 422
    assert CPR not in refused.content.decode()


def test_the_saving_by_itself_stops_when_the_application_is_closed_for_changes(town: Town) -> None:
    application = town.draft()
    Application.objects.filter(pk=application.pk).update(state=Application.State.WITHDRAWN)
    answer = browse(town.leader).post(
        address(application, "motivation", "autosave"), posted("motivation", motivation="For sent")
    )
    assert answer.status_code == 409
    assert "kan ikke ændres nu" in answer.json()["message"]
    assert "motivation" not in application.sections.get(key="motivation").answers


def test_a_stranger_finds_nothing(town: Town) -> None:
    application = town.draft()
    stranger = f.MembershipFactory().user
    for url in (
        application.get_absolute_url(),
        address(application, "motivation"),
        reverse("applications:review_answers", args=[application.reference]),
        reverse("applications:submit", args=[application.reference]),
    ):
        assert browse(stranger).get(url).status_code == 404
    assert browse(stranger).post(address(application, "motivation"), posted("motivation")).status_code == 404
    assert application.reference not in browse(stranger).get(reverse("applications:list")).content.decode()


def test_staff_see_nothing_of_a_draft(town: Town) -> None:
    consultant = f.StaffFactory()
    assert browse(consultant).get(town.draft().get_absolute_url()).status_code == 404


def test_a_director_reads_but_does_not_write(town: Town) -> None:
    application = town.draft()
    client = browse(town.director)
    assert client.get(application.get_absolute_url()).status_code == 200
    assert client.post(address(application, "motivation"), posted("motivation")).status_code == 404
    with pytest.raises(MoveRefused):
        services.save_section(
            application, key="motivation", answers={}, complete=False, expected_version=1, by=town.director
        )


def test_a_colleague_with_access_gets_a_notice_and_a_new_one_an_invitation_that_leads_here(town: Town) -> None:
    application = town.draft()
    services.invite_colleague(application, email=town.coordinator.email.upper(), by=town.leader)
    assert Notice.objects.get(recipient=town.coordinator).address == application.get_absolute_url()
    services.invite_colleague(application, email="ny@example.org", by=town.leader)
    assert Invitation.objects.get().next_address == application.get_absolute_url()
    with pytest.raises(MoveRefused):
        services.invite_colleague(application, email="anden@example.org", by=town.coordinator)


def test_files_are_attached_and_taken_away_until_they_have_been_submitted(town: Town) -> None:
    application = town.complete()
    client = browse(town.leader)
    add = reverse("applications:add_attachment", args=[application.reference])
    for _click in range(2):  # a second click attaches nothing more
        client.post(add, {"title": "Referat", "file": SimpleUploadedFile("referat.txt", b"Udvalget besluttede.")})
    attachment = application.attachments.get()
    fetched = browse(town.director).get(reverse("records:file", args=["attachment", attachment.pk]))
    assert b"".join(fetched.streaming_content) == b"Udvalget besluttede."
    assert browse(f.MembershipFactory().user).get(fetched.request["PATH_INFO"]).status_code == 404
    wrong = client.post(add, {"title": "Liste", "file": SimpleUploadedFile("liste.txt", f"Barn {CPR}".encode())})
    assert wrong.status_code == 422
    assert CPR not in wrong.content.decode()
    services.sign_off(application, by=town.director)
    services.submit_application(application, by=town.leader)
    with pytest.raises(MoveRefused):
        services.remove_attachment(attachment, by=town.leader)
    assert application.attachments.count() == 1
