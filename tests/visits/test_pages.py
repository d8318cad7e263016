"""The pages: who sees how much, forms that refuse and keep what was typed, lists that stay light."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from engagements.people.models import Disqualification
from engagements.visits.models import Base, Visit, VisitOffer
from tests.factories import (
    EngagementFactory,
    MembershipFactory,
    MunicipalityFactory,
    RecommendationFactory,
    StaffFactory,
    VisitFactory,
    VisitOfferFactory,
)

from .conftest import PROBLEM, ask, home, hours, others

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def request_form(offer: Any, **changes: Any) -> dict[str, Any]:
    """What a leader types."""
    return {
        "theme": "Inddragelse",
        "problem": PROBLEM,
        "audience_caseworkers": "12",
        "weeks": [offer.weeks()[0].code],
        "place": "Rådhuset",
        "cases_confirmed": "on",
        **changes,
    }


def at(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def test_a_leader_reads_what_a_visit_asks_before_asking(offer: Any, leader: Any) -> None:
    client = signed_in(leader)
    page = text_of(client.get(reverse("visits:request", args=[offer.pk])))
    assert "Hvad besøget kræver af jer" in page
    assert "To afgjorte sager" in page
    answer = client.post(reverse("visits:request", args=[offer.pk]), request_form(offer), follow=True)
    assert "I har fået en plads" in text_of(answer)
    assert Visit.objects.get().municipality == home(leader)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"problem": "Drengen Oliver Jensen er ikke hørt."}, "ser ud til at nævne et barn"),
        ({"problem": "Se 010111-1234"}, "CPR-nummer"),
        ({"audience_caseworkers": ""}, "hvor mange der deltager"),
        ({"weeks": []}, "mindst én uge"),
        ({"cases_confirmed": ""}, "ikke er påklaget"),
        ({"theme": ""}, "Tema"),
    ],
)
def test_a_refused_request_keeps_what_was_typed(offer: Any, leader: Any, changes: dict[str, Any], said: str) -> None:
    form = request_form(offer, place="Biblioteket på torvet", **changes)
    answer = signed_in(leader).post(reverse("visits:request", args=[offer.pk]), form)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "Biblioteket på torvet" in text_of(answer)
    assert "<title>Fejl:" in text_of(answer)
    assert not Visit.objects.exists()


def test_who_has_asked_is_led_to_the_request(offer: Any, leader: Any) -> None:
    visit = ask(offer, leader)
    answer = signed_in(leader).get(reverse("visits:request", args=[offer.pk]))
    assert answer.headers["Location"] == visit.get_absolute_url()
    closed = VisitOfferFactory(state="ended")
    answer = signed_in(leader).get(reverse("visits:request", args=[closed.pk]))
    assert answer.headers["Location"] == closed.get_absolute_url()


def test_a_leader_of_two_municipalities_chooses_one(offer: Any, leader: Any) -> None:
    second = MembershipFactory(user=leader).municipality
    address = reverse("visits:request", args=[offer.pk])
    assert signed_in(leader).post(address, request_form(offer)).status_code == 422
    stranger = request_form(offer, municipality=MunicipalityFactory().pk)
    assert signed_in(leader).post(address, stranger).status_code == 422
    signed_in(leader).post(address, request_form(offer, municipality=second.pk))
    assert Visit.objects.get().municipality == second


def test_the_request_is_changed_on_its_page(offer: Any, leader: Any) -> None:
    visit = ask(offer, leader)
    address = reverse("visits:change_request", args=[visit.reference])
    assert "Rådhuset" in text_of(signed_in(leader).get(address))
    signed_in(leader).post(address, request_form(offer, place="Skolen", version=visit.version))
    assert Visit.objects.get().place == "Skolen"
    answer = signed_in(leader).post(address, request_form(offer, place="Hallen", version=visit.version))
    assert answer.status_code in (409, 422)
    assert "To udgaver" in text_of(answer)
    assert Visit.objects.get().place == "Skolen"


def test_staff_outside_see_the_overview_only(leader: Any) -> None:
    visit = VisitFactory(held=True, municipality=home(leader), team_note="Internt", theme="Hemmeligt tema")
    page = text_of(signed_in(StaffFactory(group="analyst")).get(visit.get_absolute_url()))
    assert visit.problem not in page
    assert "Hemmeligt tema" not in page
    assert "Internt" not in page
    listed = text_of(signed_in(StaffFactory(group="analyst")).get(reverse("visits:list")))
    assert visit.reference in listed
    assert "Hemmeligt tema" not in listed
    own = text_of(signed_in(leader).get(visit.get_absolute_url()))
    assert visit.problem in own
    assert "Internt" not in own


def test_a_consultant_on_the_team_reads_in_full_until_inhabil(leader: Any) -> None:
    legal = StaffFactory()
    visit = VisitFactory(planned=True, municipality=home(leader), team=[legal])
    assert visit.problem in text_of(signed_in(legal).get(visit.get_absolute_url()))
    Disqualification.objects.create(user=legal, municipality=visit.municipality)
    assert signed_in(legal).get(visit.get_absolute_url()).status_code == 404


def test_the_team_plans_moves_swaps_and_registers_on_the_pages(offer: Any, leader: Any, learning: Any) -> None:
    visit = ask(offer, leader)
    client, reference = signed_in(learning), visit.reference
    page = text_of(client.get(reverse("visits:plan", args=[reference])))
    assert str(leader.email) in page  # who gets the invitation
    ahead = hours(30)
    form = {"team": [learning.pk], "starts_at": at(ahead["starts_at"]), "ends_at": at(ahead["ends_at"])}
    form |= {"place": "Sal 2", "programme": "9.00 Velkomst"}
    client.post(reverse("visits:plan", args=[reference]), form)
    assert Visit.objects.get().state == "planned"
    again = client.post(reverse("visits:plan", args=[reference]), form, follow=True)
    assert again.status_code == 200
    visit = Visit.objects.get()
    later = hours(35)
    moved = {"starts_at": at(later["starts_at"]), "ends_at": at(later["ends_at"]), "place": "Sal 3", "note": "Valg"}
    client.post(reverse("visits:reschedule", args=[reference]), {**moved, "version": visit.version})
    assert Visit.objects.get().place == "Sal 3"
    lead = StaffFactory(group="lead")
    client.post(reverse("visits:team", args=[reference]), {"team": [lead.pk]})
    assert [member.user for member in visit.team.all()] == [lead]
    visit = Visit.objects.get()
    client.post(reverse("visits:programme", args=[reference]), {"programme": "10.00", "version": visit.version})
    day = timezone.localdate() + timedelta(days=5)
    client.post(
        reverse("visits:add_preparation", args=[reference]),
        {"text": "Bestil kaffe", "side": "municipality", "due_on": day.isoformat()},
    )
    row = visit.preparations.get(text="Bestil kaffe")
    signed_in(leader).post(reverse("visits:tick", args=[reference, row.pk]), {"done": "1"})
    row.refresh_from_db()
    assert row.done_by == leader
    file = SimpleUploadedFile("dagsorden.txt", b"Dagsorden")
    client.post(reverse("visits:add_material", args=[reference]), {"title": "Dagsorden", "file": file})
    page = text_of(signed_in(leader).get(visit.get_absolute_url()))
    assert "Dagsorden" in page
    material = visit.material.get()
    assert signed_in(leader).get(reverse("records:file", args=["visitmaterial", material.pk])).status_code == 200
    stranger = others(1)[0]
    assert signed_in(stranger).get(reverse("records:file", args=["visitmaterial", material.pk])).status_code == 404
    began = timezone.now() - timedelta(hours=6)
    Visit.objects.update(starts_at=began, ends_at=began + timedelta(hours=5))
    client.post(reverse("visits:hold", args=[reference]), {"audience_caseworkers": "10"})
    assert Visit.objects.get().state == "held"


def test_the_inhabil_stand_on_no_list_and_cannot_be_posted(offer: Any, leader: Any, learning: Any) -> None:
    visit = ask(offer, leader)
    legal = StaffFactory()
    Disqualification.objects.create(user=legal, municipality=visit.municipality)
    client, ahead = signed_in(learning), hours(30)
    assert str(legal) not in text_of(client.get(reverse("visits:plan", args=[visit.reference])))
    form = {"team": [legal.pk], "starts_at": at(ahead["starts_at"]), "ends_at": at(ahead["ends_at"])}
    answer = client.post(reverse("visits:plan", args=[visit.reference]), {**form, "place": "A", "programme": "B"})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["plan", "reschedule", "team", "programme", "hold", "note"])
def test_the_municipality_does_not_plan(leader: Any, name: str) -> None:
    visit = VisitFactory(planned=True, municipality=home(leader))
    assert signed_in(leader).get(reverse(f"visits:{name}", args=[visit.reference])).status_code == 404


def test_cancelling_on_the_page_frees_the_place(offer: Any) -> None:
    people = others(3)
    visits = [ask(offer, leader) for leader in people]
    address = reverse("visits:move", args=[visits[0].reference, "cancel"])
    assert signed_in(people[0]).post(address, {"note": ""}).status_code == 422
    signed_in(people[0]).post(address, {"note": "Ingen tid"})
    assert Visit.objects.get(pk=visits[2].pk).state == "accepted"
    assert signed_in(people[0]).post(address, {"note": "Ingen tid"}).status_code == 302  # a double click
    assert VisitOffer.objects.get().taken == 2


def test_accepting_on_the_page_refuses_when_no_place_is_free(offer: Any, learning: Any) -> None:
    visits = [ask(offer, leader) for leader in others(3)]
    answer = signed_in(learning).post(reverse("visits:move", args=[visits[2].reference, "accept"]), {"note": ""})
    assert answer.status_code == 409
    assert "pladser er optaget" in text_of(answer)


def test_learning_points_on_the_pages(leader: Any, learning: Any) -> None:
    visit = VisitFactory(held=True, municipality=home(leader), team=[learning])
    due = (timezone.localdate() + timedelta(days=20)).isoformat()
    add = reverse("visits:add_point", args=[visit.reference])
    bad = {"text": "Tal med drengen Oliver", "owner": "Chefen", "due_on": due}
    assert signed_in(leader).post(add, bad).status_code == 422
    past = {"text": "Tal med barnet", "owner": "Chefen", "due_on": "2020-01-01"}
    assert signed_in(leader).post(add, past).status_code == 422
    for text in ("Tal med barnet", "Skriv kvittering"):
        signed_in(leader).post(add, {"text": text, "owner": "Chefen", "due_on": due})
    first, second = visit.points.order_by("pk")
    signed_in(leader).post(reverse("visits:finish_point", args=[visit.reference, first.pk]))
    first.refresh_from_db()
    assert first.done_by == leader
    address = reverse("visits:make_action", args=[visit.reference, second.pk])
    assert signed_in(leader).get(address).status_code == 404  # no engagement runs
    recommendation = RecommendationFactory(
        engagement=EngagementFactory(municipality=visit.municipality), published=True
    )
    assert recommendation.title in text_of(signed_in(leader).get(address))
    signed_in(leader).post(address, {"recommendation": recommendation.pk})
    second.refresh_from_db()
    assert second.action.title == "Skriv kvittering"
    assert signed_in(leader).get(address).status_code == 404
    page = text_of(signed_in(leader).get(visit.get_absolute_url()))
    assert second.action.get_absolute_url() in page


def test_the_calendar_file_is_that_of_the_invitation(leader: Any) -> None:
    visit = VisitFactory(planned=True, municipality=home(leader))
    answer = signed_in(leader).get(reverse("visits:calendar", args=[visit.reference]))
    assert answer["Content-Type"].startswith("text/calendar")
    assert f"UID:visit-{visit.reference}@" in text_of(answer)
    assert signed_in(leader).get(reverse("visits:calendar", args=[VisitFactory().reference])).status_code == 404


def test_evaluations_are_shown_from_five(leader: Any) -> None:
    visit = VisitFactory(held=True, municipality=home(leader))
    grades = {"useful": 5, "own_practice": 4, "clear": 4, "will_use": 5}
    for number in range(4):
        visit.evaluations.create(nonce=f"{number}", comment="Lærerigt", **grades)
    address = reverse("visits:evaluation", args=[visit.reference])
    page = text_of(signed_in(leader).get(address))
    assert visit.token in page
    assert "<path d=" in page
    assert "Lærerigt" not in page + text_of(signed_in(leader).get(visit.get_absolute_url()))
    visit.evaluations.create(nonce="5", **grades)
    assert "Lærerigt" in text_of(signed_in(leader).get(address))


def test_offers_are_made_published_and_closed_by_the_team(learning: Any, leader: Any) -> None:
    today = timezone.localdate()
    form = {
        "kind": "general",
        "title_da": "Generelle besøg",
        "title_en": "General visits",
        "summary_da": "Læringsteamet kommer.",
        "asks_da": "Et lokale",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=90)).isoformat(),
        "opens_at": at(timezone.now() - timedelta(hours=1)),
        "places": "3",
        "at_once": "on",
    }
    client = signed_in(learning)
    wrong = client.post(reverse("visits:new_offer"), {**form, "ends_on": (today - timedelta(days=1)).isoformat()})
    assert wrong.status_code == 422
    client.post(reverse("visits:new_offer"), form)
    made = VisitOffer.objects.get()
    assert signed_in(leader).get(made.get_absolute_url()).status_code == 404  # a draft
    client.post(reverse("visits:move", kwargs={"pk": made.pk, "name": "publish"}))
    assert "3 af 3 pladser er ledige" in text_of(signed_in(leader).get(reverse("visits:offers")))
    changed = {**form, "places": "5", "version": made.version}
    client.post(reverse("visits:change_offer", args=[made.pk]), changed)
    assert VisitOffer.objects.get().places == 5
    client.post(reverse("visits:move", kwargs={"pk": made.pk, "name": "close_requests"}))
    assert VisitOffer.objects.get().state == "ended"
    move = reverse("visits:move", kwargs={"pk": made.pk, "name": "publish"})
    assert signed_in(leader).post(move).status_code == 409


def test_the_place_in_line_stands_on_the_pages(offer: Any) -> None:
    people = others(4)
    visits = [ask(offer, leader) for leader in people]
    assert "Nummer 2 i køen" in text_of(signed_in(people[3]).get(visits[3].get_absolute_url()))
    assert "Nr. 2 i køen" in text_of(signed_in(people[3]).get(reverse("visits:list")))
    assert "Nr. 2 i køen" in text_of(signed_in(people[3]).get(reverse("visits:offers")))
    code = visits[3].municipality.code
    assert "Nr. 2 i køen" in text_of(signed_in(people[3]).get(reverse("home:municipality", args=[code])))


def test_the_season_plan_and_the_coverage(learning: Any, leader: Any, settings: Any) -> None:
    settings.DEMONSTRATION = True
    VisitFactory(planned=True, municipality=home(leader), team=[learning])
    client = signed_in(learning)
    page = text_of(client.get(reverse("visits:planning")))
    assert "Sinnott" in page
    assert str(learning) in page
    assert "Korsbæk" in text_of(client.get(reverse("visits:coverage"), {"q": "Korsbæk"}))
    assert "Korsbæk" in text_of(client.get(reverse("visits:coverage"), {"had": "ahead"}))
    held = signed_in(learning).get(reverse("visits:coverage"), {"had": "held"})
    assert held.context["count"] == 0


def test_a_starting_point_is_chosen(learning: Any) -> None:
    place = MunicipalityFactory(latitude=56.0, longitude=9.5)
    signed_in(learning).post(reverse("visits:base"), {"municipality": place.pk})
    assert Base.objects.get().municipality == place
    nowhere = MunicipalityFactory()
    assert signed_in(learning).post(reverse("visits:base"), {"municipality": nowhere.pk}).status_code == 422


def test_the_list_filters_by_state_offer_and_words(learning: Any, leader: Any) -> None:
    one = VisitFactory(held=True, municipality=home(leader))
    two = VisitFactory()
    client = signed_in(learning)
    for query, shown, hidden in (
        ({"state": "open"}, two, one),
        ({"state": "held"}, one, two),
        ({"offer": one.offer.pk}, one, two),
        ({"q": "korsbæk"}, one, two),
        ({"q": two.reference}, two, one),
    ):
        page = text_of(client.get(reverse("visits:list"), query))
        assert shown.reference in page
        assert hidden.reference not in page
    odd = {"q": "\x00", "offer": "99999999999999999999", "state": "x", "sort": "-requested_by"}
    assert client.get(reverse("visits:list"), odd).status_code in (200, 400)


@pytest.mark.parametrize("rows", [25, 250])
def test_the_list_stays_light(learning: Any, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    offer = VisitOfferFactory(places=200)
    VisitFactory.create_batch(rows, offer=offer)
    client = signed_in(learning)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("visits:list")).context["count"] == rows
    with django_assert_max_num_queries(12):
        client.get(reverse("visits:coverage"))


def test_the_start_pages_say_what_awaits(offer: Any, leader: Any, learning: Any) -> None:
    visit = ask(offer, leader)
    assert "Planlæg besøget" in text_of(signed_in(learning).get(reverse("home:workplace")))
    held = VisitFactory(held=True, municipality=visit.municipality)
    page = text_of(signed_in(leader).get(reverse("home:municipality", args=[visit.municipality.code])))
    assert "Skriv læringspunkterne" in page
    assert held.reference in page
