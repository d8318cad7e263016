"""Members report, and those who look after the network hide, show, close, pin and settle."""

from typing import Any

import pytest
from django.urls import reverse

from cms.models import PostReport, Thread
from cms.network import services
from engagements.lifecycle import MoveRefused, move, moves_for
from engagements.notices.models import Notice

from .conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(leader: Any) -> Thread:
    return services.start_thread(title="Tavlemøder", text="Hvordan gør I?", by=leader)


def test_a_report_reaches_the_editor_once(thread: Thread, other: Any, editor: Any) -> None:
    post = thread.posts.get()
    client = browser(other)
    for _time in range(2):
        client.post(reverse("network:report", args=[post.pk]), {"reason": "Man kan genkende familien."})
    report = PostReport.objects.get()
    assert (report.by, report.post) == (other, post)
    assert Notice.objects.filter(recipient=editor).count() == 1
    page = browser(editor).get(reverse("network:reports")).content.decode()
    assert "Man kan genkende familien." in page


def test_nobody_reports_an_own_post(thread: Thread, leader: Any) -> None:
    assert browser(leader).get(reverse("network:report", args=[thread.posts.get().pk])).status_code == 404


def test_settling_lets_the_post_stand(thread: Thread, other: Any, editor: Any) -> None:
    report = services.report_post(thread.posts.get(), reason="Uenig", by=other)
    with pytest.raises(MoveRefused):
        services.settle_report(report, by=other)
    assert browser(other).post(reverse("network:settle", args=[report.pk])).status_code == 404
    browser(editor).post(reverse("network:settle", args=[report.pk]))
    report.refresh_from_db()
    assert report.settled_by == editor
    assert thread.posts.get().state == "shown"


def test_a_hidden_post_leaves_a_mark_and_settles_its_reports(thread: Thread, other: Any, editor: Any) -> None:
    post = thread.posts.get()
    services.report_post(post, reason="Navne", by=other)
    address = reverse("network:move", args=["indlaeg", post.pk, "hide"])
    assert browser(other).get(address).status_code == 404
    assert browser(editor).post(address, {"note": ""}).status_code == 422
    browser(editor).post(address, {"note": "Navngiver et barn"})
    page = browser(other).get(thread.get_absolute_url()).content.decode()
    assert "Hvordan gør I?" not in page
    assert "Indlægget er skjult" in page
    assert not PostReport.objects.open().exists()
    assert "Hvordan gør I?" in browser(editor).get(thread.get_absolute_url()).content.decode()


def test_a_hidden_thread_is_gone_for_members(thread: Thread, other: Any, editor: Any) -> None:
    move(thread, "hide", by=editor, note="Navngiver et barn")
    client = browser(other)
    for address in (thread.get_absolute_url(), thread.posts.get().get_absolute_url()):
        assert client.get(address).status_code == 404
    assert list(client.get(reverse("network:threads")).context["page_obj"]) == []
    assert "Tavlemøder" not in client.get(reverse("home:search"), {"q": "tavlemøder"}).content.decode()
    assert browser(editor).get(thread.get_absolute_url()).status_code == 200


def test_members_make_no_moves(thread: Thread, leader: Any, editor: Any) -> None:
    assert moves_for(thread, leader) == []
    assert [one.name for one in moves_for(thread, editor)] == ["close", "hide"]
    with pytest.raises(MoveRefused):
        move(thread, "close", by=leader)
    with pytest.raises(MoveRefused):
        services.pin(thread, pinned=True, by=leader)


def test_a_pinned_thread_comes_first(thread: Thread, leader: Any, editor: Any) -> None:
    services.start_thread(title="Nyere", text="x", by=leader)
    assert browser(leader).post(reverse("network:pin", args=[thread.pk])).status_code == 404
    browser(editor).post(reverse("network:pin", args=[thread.pk]))
    rows = list(browser(leader).get(reverse("network:threads")).context["page_obj"])
    assert [row.title for row in rows] == ["Tavlemøder", "Nyere"]
    browser(editor).post(reverse("network:pin", args=[thread.pk]), {"pin": "no"})
    assert not Thread.objects.get(pk=thread.pk).pinned


def test_an_address_of_an_unknown_kind_or_move_is_not_found(thread: Thread, editor: Any) -> None:
    client = browser(editor)
    for kind, name in (("moede", "hide"), ("traad", "delete"), ("indlaeg", "close")):
        assert client.get(reverse("network:move", args=[kind, thread.pk, name])).status_code == 404
