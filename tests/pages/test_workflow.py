"""An editor writes, somebody else approves; nothing they write to each other holds a CPR number."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.pages.models import ArticlePage
from cms.pages.reference import ensure, home_page
from tests.factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rights() -> None:
    ensure()


def article(**kwargs: Any) -> ArticlePage:
    page = ArticlePage(**{"title": "En side", "slug": "vores-side", "live": False, **kwargs})
    home_page().add_child(instance=page)
    page.save_revision()
    return page


def form(page: ArticlePage, **more: Any) -> dict[str, Any]:
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "lead": "",
            "body": streamfield([]),
            "title_en": "",
            "lead_en": "",
            "body_en": streamfield([]),
            "comments": inline_formset([]),
            "seo_title": "",
            "search_description": "",
            "comment_notifications": "",
            **more,
        }
    )


def as_(group: str) -> Client:
    client = Client()
    client.force_login(StaffFactory(group=group))
    return client


def submit(page: ArticlePage, client: Client) -> None:
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, **{"action-submit": "1"}))
    assert response.status_code == 302, response.context["form"].errors


def approve(page: ArticlePage, client: Client, *, action: str = "approve", comment: str = "") -> Any:
    state = TaskState.objects.get(workflow_state__object_id=str(page.pk), status="in_progress")
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": comment})


def test_an_editor_cannot_publish_but_submit_and_an_approver_publishes() -> None:
    page, editor, approver = article(), as_("editors"), as_("approvers")
    editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, **{"action-publish": "1"}))
    page.refresh_from_db()
    assert not page.live
    submit(page, editor)
    assert WorkflowState.objects.get().status == "in_progress"
    approve(page, approver)
    page.refresh_from_db()
    assert page.live


def test_nobody_approves_what_they_submitted_themselves() -> None:
    page, approver = article(), as_("approvers")
    submit(page, approver)
    approve(page, approver)
    page.refresh_from_db()
    assert not page.live
    approve(page, as_("lead"))
    page.refresh_from_db()
    assert page.live


def test_a_comment_in_the_workflow_is_guarded() -> None:
    page = article()
    submit(page, as_("editors"))
    approver = as_("approvers")
    approve(page, approver, action="reject", comment="Det handler om 010203-1234")
    assert not TaskState.objects.exclude(comment="").exists()
    approve(page, approver, action="reject", comment="Skriv kortere")
    assert TaskState.objects.get(status="rejected").comment == "Skriv kortere"


@pytest.mark.parametrize(("text", "kept"), [("Ring til 010203-1234", False), ("Skriv kortere", True)])
def test_a_comment_beside_the_text_is_guarded(text: str, kept: bool) -> None:
    page, editor = article(), as_("editors")
    comments = inline_formset([{"text": text, "contentpath": "title", "position": "", "replies": inline_formset([])}])
    response = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(page, comments=comments))
    assert page.wagtail_admin_comments.exists() is kept
    if not kept:
        assert "CPR-nummer" in response.content.decode()
        assert "010203" not in str(response.context["form"].errors)


def test_the_reference_data_is_made_once() -> None:
    ensure()
    assert home_page().get_workflow().tasks.count() == 1
    editors = Group.objects.get(name="editors")
    assert not editors.page_permissions.filter(permission__codename="publish_page").exists()
    assert editors.page_permissions.filter(permission__codename="change_page").exists()


def test_the_editors_screens_open_in_danish() -> None:
    page, editor = article(), as_("editors")
    for name, args in (
        ("wagtailadmin_home", []),
        ("wagtailadmin_explore", [page.get_parent().pk]),
        ("wagtailadmin_pages:edit", [page.pk]),
        ("wagtailadmin_pages:history", [page.pk]),
        ("wagtailadmin_reports:aging_pages", []),
    ):
        assert editor.get(reverse(name, args=args)).status_code == 200, name


def test_the_accessibility_checker_reads_the_preview_and_visitors_are_spared_it() -> None:
    page, editor = article(live=True), as_("editors")
    preview = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert "data-wagtail-userbar" in preview
    assert "checker-axe-configuration" in preview
    assert "data-wagtail-userbar" not in editor.get(page.url).content.decode()
