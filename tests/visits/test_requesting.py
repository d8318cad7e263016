"""First come, first served: a free place is given at once, the others wait in line, nobody gets a place twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from engagements.lifecycle import MoveRefused, move
from engagements.notices.models import Notice, OutboxMessage
from engagements.people.models import Disqualification
from engagements.visits import services
from engagements.visits.models import Visit, VisitOffer
from tests.factories import MembershipFactory, StaffFactory, VisitFactory, VisitOfferFactory

from .conftest import ask, home, others

pytestmark = pytest.mark.django_db


def test_a_request_gets_a_free_place_at_once(offer: Any, leader: Any) -> None:
    visit = ask(offer, leader)
    assert visit.state == "accepted"
    assert visit.reference.startswith(f"B-{timezone.localdate().year}-")
    offer.refresh_from_db()
    assert (offer.taken, offer.free) == (1, 1)


def test_the_others_see_their_place_in_line(offer: Any) -> None:
    visits = [ask(offer, leader) for leader in others(4)]
    assert [visit.state for visit in visits] == ["accepted", "accepted", "requested", "requested"]
    assert [services.place_in_line(visit) for visit in visits] == [0, 0, 1, 2]


def test_the_line_follows_the_arrival_of_the_request(offer: Any) -> None:
    for leader in others(2):
        ask(offer, leader)
    late, early = others(2)
    now = timezone.now()
    second = ask(offer, late, at=now)
    first = ask(offer, early, at=now - timedelta(seconds=5))
    assert (services.place_in_line(first), services.place_in_line(second)) == (1, 2)


def test_asked_twice_is_one_request(offer: Any, leader: Any) -> None:
    assert ask(offer, leader) == ask(offer, leader)
    assert Visit.objects.count() == 1


def test_a_municipality_has_one_open_request_for_an_offer(offer: Any, leader: Any) -> None:
    ask(offer, leader)
    with pytest.raises(MoveRefused, match="allerede en åben anmodning"):
        ask(offer, leader, theme="Noget andet")
    colleague = MembershipFactory(municipality=home(leader), role="coordinator").user
    with pytest.raises(MoveRefused):
        ask(offer, colleague)
    assert ask(VisitOfferFactory(), leader).state == "accepted"


def test_the_database_knows_the_same_rule(offer: Any, leader: Any) -> None:
    ask(offer, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitFactory(offer=offer, municipality=home(leader))


def test_a_caseworker_cannot_ask(offer: Any) -> None:
    with pytest.raises(MoveRefused):
        ask(offer, MembershipFactory(role="caseworker").user)


def test_nobody_asks_for_another_municipality(offer: Any, leader: Any) -> None:
    with pytest.raises(MoveRefused):
        services.request_visit(
            offer,
            municipality=home(others(1)[0]),
            by=leader,
            theme="T",
            problem="P",
            audience={"leaders": 1},
            weeks=[offer.weeks()[0].code],
            place="R",
            cases_confirmed=True,
        )


@pytest.mark.parametrize("change", [{"state": "draft"}, {"state": "ended"}])
def test_an_offer_that_is_not_published_takes_no_request(leader: Any, change: dict[str, str]) -> None:
    with pytest.raises(MoveRefused):
        ask(VisitOfferFactory(**change), leader)


def test_an_offer_that_has_not_opened_or_is_over_takes_no_request(leader: Any) -> None:
    today = timezone.localdate()
    with pytest.raises(MoveRefused):
        ask(VisitOfferFactory(opens_at=timezone.now() + timedelta(hours=1)), leader)
    over = VisitOfferFactory(starts_on=today - timedelta(days=90), ends_on=today - timedelta(days=1))
    with pytest.raises(MoveRefused):
        ask(over, leader, weeks=["2026-W01"])


@pytest.mark.parametrize(
    "changes",
    [
        {"problem": "Det drejer sig om drengen Oliver Jensen, som vi ikke har talt med."},
        {"problem": "Sagen om O.J., 9 år, er svær."},
        {"theme": "Barnet Ida Holm"},
        {"problem": "Vi mangler samtaler, fx 010111-1234."},
        {"equipment": "Skærm. Ring til 010111-1234."},
        {"cases_confirmed": False},
        {"audience": {"caseworkers": 0}},
        {"weeks": []},
        {"weeks": ["2019-W03"]},
        {"weeks": ["<script>"]},
        {"audience": {"caseworkers": 5000}},
        {"theme": ""},
    ],
)
def test_a_bad_request_is_refused_whoever_calls_the_service(offer: Any, leader: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ask(offer, leader, **changes)
    assert not Visit.objects.exists()


def test_a_place_given_up_goes_to_the_next_in_line(offer: Any) -> None:
    people = others(4)
    visits = [ask(offer, leader) for leader in people]
    services.cancel(visits[0], by=people[0], note="Vi har ikke tid i år.")
    states = [Visit.objects.get(pk=visit.pk).state for visit in visits]
    assert states == ["cancelled", "accepted", "accepted", "requested"]
    assert services.place_in_line(visits[3]) == 1
    assert Notice.objects.filter(recipient=people[2], subject__contains="imødekommet").count() == 1


def test_leaving_the_line_gives_nobody_a_place(offer: Any) -> None:
    people = others(4)
    visits = [ask(offer, leader) for leader in people]
    services.cancel(visits[2], by=people[2], note="Alligevel ikke.")
    assert Visit.objects.get(pk=visits[3].pk).state == "requested"
    assert VisitOffer.objects.get().taken == 2


def test_a_stale_page_cannot_oversell(offer: Any, learning: Any) -> None:
    VisitOffer.objects.update(at_once=False)
    visits = [ask(offer, leader) for leader in others(3)]
    stale = [Visit.objects.select_related("offer").get(pk=visit.pk) for visit in visits]
    services.accept(stale[0], by=learning)
    services.accept(stale[1], by=learning)
    with pytest.raises(MoveRefused, match="pladser er optaget"):
        services.accept(stale[2], by=learning)
    assert VisitOffer.objects.get().taken == 2


def test_without_the_recount_the_database_still_refuses(offer: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitOffer.objects.filter(pk=offer.pk).update(taken=3)


def test_out_of_turn_needs_a_note(offer: Any, learning: Any) -> None:
    VisitOffer.objects.update(at_once=False)
    first, second = (ask(offer, leader) for leader in others(2))
    with pytest.raises(MoveRefused, match="foran"):
        services.accept(second, by=learning)
    assert services.accept(second, by=learning, note="Kan som de eneste i uge 3.").state == "accepted"
    assert services.accept(first, by=learning).state == "accepted"


def test_more_places_go_to_the_line(offer: Any, learning: Any) -> None:
    visits = [ask(offer, leader) for leader in others(3)]
    offer.refresh_from_db()
    services.change_offer(offer, by=learning, version=offer.version, places=3)
    assert Visit.objects.get(pk=visits[2].pk).state == "accepted"


def test_places_in_use_cannot_be_taken_away(offer: Any, learning: Any) -> None:
    for leader in others(2):
        ask(offer, leader)
    offer.refresh_from_db()
    with pytest.raises(ValidationError):
        services.change_offer(offer, by=learning, version=offer.version, places=1)


def test_one_theme_a_quarter(learning: Any) -> None:
    today = timezone.localdate()
    begin = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    wanted: dict[str, Any] = {
        "kind": "thematic",
        "title_da": "Inddragelse",
        "title_en": "Involvement",
        "summary_da": "Om inddragelse.",
        "asks_da": "Et lokale",
        "starts_on": begin,
        "ends_on": begin + timedelta(days=60),
        "opens_at": timezone.now(),
        "places": 3,
    }
    services.make_offer(by=learning, **wanted)
    with pytest.raises(ValidationError, match="allerede et tematisk tilbud"):
        services.make_offer(by=learning, **{**wanted, "title_da": "Underretninger"})
    with pytest.raises(ValidationError, match="samme kvartal"):
        services.make_offer(by=learning, **{**wanted, "title_da": "Frister", "ends_on": begin + timedelta(days=150)})
    assert services.make_offer(by=learning, **{**wanted, "kind": "general"}).kind == "general"


def test_offers_are_made_by_those_who_run_visits(leader: Any) -> None:
    with pytest.raises(MoveRefused):
        services.make_offer(by=leader)


def test_publishing_again_gives_places_to_those_who_waited(offer: Any, learning: Any) -> None:
    visits = [ask(offer, leader) for leader in others(3)]
    services.move_offer(VisitOffer.objects.get(), "close_requests", by=learning)
    VisitOffer.objects.update(places=3)
    services.move_offer(VisitOffer.objects.get(), "publish", by=learning)
    assert Visit.objects.get(pk=visits[2].pk).state == "accepted"


def test_those_in_line_are_answered_when_the_season_ends(offer: Any) -> None:
    people = others(3)
    visits = [ask(offer, leader) for leader in people]
    today = timezone.localdate()
    assert services.end_seasons(offer.ends_on) == 0
    assert services.end_seasons(offer.ends_on + timedelta(days=1)) == 1
    assert services.end_seasons(offer.ends_on + timedelta(days=1)) == 0
    assert Visit.objects.get(pk=visits[2].pk).state == "cancelled"
    assert Notice.objects.filter(recipient=people[2], subject__icontains="Ingen plads").count() == 1
    assert today < offer.ends_on


def test_each_side_is_told_of_a_request(offer: Any, leader: Any, learning: Any) -> None:
    for other in others(2):
        ask(offer, other)
    Notice.objects.all().delete()
    ask(offer, leader)
    assert "nummer 1 i køen" in Notice.objects.get(recipient=leader).body
    assert Notice.objects.filter(recipient=learning).count() == 1
    assert OutboxMessage.objects.filter(to=leader.email).count() == 1


def test_staff_who_are_disqualified_hear_nothing_and_may_nothing(offer: Any, leader: Any, learning: Any) -> None:
    Disqualification.objects.create(user=learning, municipality=home(leader))
    VisitOffer.objects.update(at_once=False)
    visit = ask(offer, leader)
    assert not Notice.objects.filter(recipient=learning).exists()
    assert not Visit.objects.visible_to(learning).exists()
    with pytest.raises(MoveRefused):
        services.accept(visit, by=learning)


def test_the_request_can_be_changed_until_the_visit_is_planned(offer: Any, leader: Any) -> None:
    visit = ask(offer, leader)
    fields = {"theme": "Børnesamtaler", "cases_confirmed": True, "weeks": [offer.weeks()[1].code]}
    changed = services.change_request(visit, by=leader, version=visit.version, audience={"leaders": 3}, **fields)
    assert changed.theme == "Børnesamtaler"
    assert [(one.role, one.expected) for one in changed.audience.all()] == [("leaders", 3)]
    Visit.objects.update(state="planned")
    with pytest.raises(MoveRefused):
        services.change_request(visit, by=leader, version=changed.version, audience={"leaders": 3}, **fields)


def test_the_system_alone_does_not_cancel(offer: Any, leader: Any) -> None:
    visit = ask(offer, leader)
    with pytest.raises(MoveRefused):
        move(visit, "cancel", by=None, note="x")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_the_last_place_is_given_once_however_many_give_it(locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control trusts a count taken before the race, and then the last place is given twice."""
    offer = VisitOfferFactory(places=1, at_once=False)
    members = [StaffFactory(group="learning") for _ in range(2)]
    visits = [ask(offer, leader) for leader in others(2)]
    if not locked:

        def trusting(offer: VisitOffer) -> VisitOffer:
            offer.taken = 0
            return offer

        monkeypatch.setattr(services, "lock", trusting)
    start, outcomes = threading.Barrier(2), []

    def accept(visit: Visit, by: Any) -> None:
        try:
            start.wait(timeout=10)
            services.accept(visit, by=by, note="Kan først.")
            outcomes.append("accepted")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=pair) for pair in zip(visits, members, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == (["accepted", "refused"] if locked else ["accepted", "accepted"])
    assert Visit.objects.holding().count() == (1 if locked else 2)


def test_wished_weeks_that_follow_each_other_are_one_span() -> None:
    visit = Visit(weeks=["2027-W01", "2026-W52", "2026-W53", "2027-W05"])
    with translation.override("da"):
        first, last = visit.wished
    assert first == "Uge 52–1 (21. december – 8. januar 2027)"
    assert last == "Uge 5 (1. februar – 5. februar 2027)"
