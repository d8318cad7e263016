"""What meets an editor in the CMS: Danish also in what scripts say, a preview that is seen, fields that fit their text."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import querydict_from_html

from cms.pages.blocks import BLOCKS
from cms.pages.models import ArticlePage
from cms.pages.reference import home_page
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(StaffFactory(group="editors"))
    return client


@pytest.fixture
def page() -> Any:
    return home_page().add_child(instance=ArticlePage(title="En side", slug="siden", lead="Det korte."))


def test_what_the_editors_scripts_say_is_danish(editor: Client) -> None:
    said = editor.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    for danish in ("Fold alt sammen", "Gem", "Inds\\u00e6t en blok", "Fortryd"):
        assert danish in said
    assert '"Collapse all": "Collapse all"' not in said


def test_the_preview_may_stand_in_the_editors_frame_and_the_public_page_may_not(editor: Client, page: Any) -> None:
    form = querydict_from_html(
        editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode(), form_id="page-edit-form"
    )
    form = {**form.dict(), "body-count": "0", "body_en-count": "0"}  # a script counts the blocks
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert editor.post(address, form).json()["is_valid"]
    preview = editor.get(address)
    assert "Det korte." in preview.content.decode()
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in Client().get(page.url).headers["Content-Security-Policy"]


def test_a_long_text_has_a_box_that_grows_with_it(editor: Client, page: Any) -> None:
    html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    box = html.split('<textarea name="lead"')[1].split(">")[0]
    assert "w-field__autosize" in html or "autosize" in box
    assert 'rows="10"' not in box


def test_the_labels_of_blocks_begin_with_a_capital_letter() -> None:
    for _name, block in BLOCKS:
        for one in (block, *getattr(block, "child_blocks", {}).values()):
            assert str(one.label)[:1].isupper(), one.label


@pytest.mark.parametrize("group", ["editors", "approvers"])
def test_both_who_edit_in_the_demonstration_come_in_and_find_their_screens(
    client: Client, group: str, page: Any
) -> None:
    client.force_login(StaffFactory(group=group))
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Send til" in html
    assert ("action-publish" in html) == (group == "approvers")
