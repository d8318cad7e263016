"""A form that editors built: answered once, guarded, limited, sent to those who deal with it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.contrib.forms.models import FormSubmission

from cms.pages.models_forms import MOST_AN_HOUR, TRAP, FormField, FormPage, forget_old_answers
from cms.pages.reference import home_page
from engagements.notices.models import OutboxMessage

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> FormPage:
    page = FormPage(title="Skriv til os", slug="skriv-til-os", to_address="post@taskforce.example", thanks="Vi svarer.")
    page.form_fields = [
        FormField(sort_order=0, label="Navn", field_type="singleline"),
        FormField(sort_order=1, label="Besked", field_type="multiline"),
    ]
    home_page().add_child(instance=page)
    return page


def send(client: Client, page: FormPage, **answers: str) -> Any:
    return client.post(page.url, {"navn": "Ane", "besked": "Hvornår er næste møde?", **answers})


def test_an_answer_is_kept_once_and_sent_to_the_contact(client: Client, page: FormPage) -> None:
    for _press in range(2):
        response = send(client, page)
        assert response.status_code == 302
    assert "Vi svarer." in client.get(response.url).content.decode()
    assert FormSubmission.objects.get().form_data == {"navn": "Ane", "besked": "Hvornår er næste møde?"}
    mail = OutboxMessage.objects.get(to="post@taskforce.example")
    assert "Besked: Hvornår er næste møde?" in mail.body


@pytest.mark.parametrize("besked", ["Det gælder 010203-1234", "x" * 4001, ""])
def test_what_may_not_be_sent_is_refused_and_stays_in_the_form(client: Client, page: FormPage, besked: str) -> None:
    response = send(client, page, besked=besked)
    assert response.status_code == 422
    assert 'value="Ane"' in response.content.decode()
    assert not FormSubmission.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_program_that_fills_in_everything_is_thanked_and_forgotten(client: Client, page: FormPage) -> None:
    assert send(client, page, **{TRAP: "https://spam.example"}).status_code == 302
    assert not FormSubmission.objects.exists()


def test_one_address_sends_only_so_many_an_hour(client: Client, page: FormPage) -> None:
    for number in range(MOST_AN_HOUR + 2):
        send(client, page, besked=f"Besked {number}")
    assert FormSubmission.objects.count() == MOST_AN_HOUR


def test_answers_are_deleted_when_their_time_is_over(client: Client, page: FormPage) -> None:
    send(client, page)
    assert forget_old_answers() == 0
    FormSubmission.objects.update(submit_time=timezone.now() - timedelta(days=91))
    assert forget_old_answers() == 1
