"""Forms: nothing typed is lost, errors name the field, both versions are shown."""

import re

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from engagements.design.forms import PortalForm
from engagements.models import Offer
from tests import factories as f
from tests.design.site import ActionForm, SampleForm

pytestmark = pytest.mark.django_db


def test_a_rejected_form_keeps_everything_typed_and_names_each_field(client: Client) -> None:
    page = client.post("/", {"title": "x" * 50, "text": "Vores tekst", "kind": "b", "several": ["b"]})
    html = page.content.decode()
    assert "x" * 50 in html
    assert "Vores tekst" in html
    assert re.search(r'value="b"[^>]*checked', html)
    for label in ("Baggrund", "Frist", "Kommune", "Vi har talt om det"):
        assert re.search(rf'href="#id_\w+">[^<]*{label}', html), label
    assert "Beskrivelse" not in re.findall(r"error-summary-title.*?</ul>", html, re.S)[0]


def test_the_page_title_says_that_there_are_errors(client: Client) -> None:
    assert re.search(r"<title>(Fejl|Error): ", client.post("/", {"later": "1"}).content.decode())
    assert "<title>Prøve" in client.get("/").content.decode()


def test_hint_and_error_are_tied_to_the_field(client: Client) -> None:
    html = client.post("/", {"later": "1"}).content.decode()
    assert re.search(r'<input[^>]*aria-describedby="id_title_helptext id_title_error"', html)
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html


def test_a_cpr_number_is_refused_in_a_plain_form_without_being_repeated() -> None:
    form = SampleForm({"text": "Drengen 010111-1234 har", "title": "ok"})
    assert "cpr" in [error.code for error in form.errors.as_data()["text"]]
    assert "»Beskrivelse«" in form["text"].named_errors[0]
    assert "010111" not in str(form.errors["text"])


def test_pasted_text_is_not_cut_by_the_browser(client: Client) -> None:
    assert " maxlength=" not in client.get("/").content.decode()


@pytest.mark.parametrize("typed", ["2026-11-22", "22.11.2026", "22-11-2026", "22/11/2026"])
def test_a_date_is_understood_as_danes_write_it(typed: str) -> None:
    form = SampleForm({"day": typed})
    assert "day" not in form.errors


@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_nobody_meant_is_refused(typed: str) -> None:
    assert [error.code for error in SampleForm({"day": typed}).errors.as_data()["day"]] == ["far_off"]


class PickingForm(PortalForm):
    """Choices among rows, made beforehand and by the form itself."""

    one = forms.ModelChoiceField(Offer.objects.all(), required=False)
    several = forms.ModelMultipleChoiceField(Offer.objects.all(), required=False)

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.fields["late"] = forms.ModelMultipleChoiceField(Offer.objects.all(), required=False)


@pytest.mark.parametrize("field", ["one", "several", "late"])
@pytest.mark.parametrize("sent", ["9" * 30, "-" + "9" * 30, str(2**63)])
def test_a_number_no_database_can_hold_is_a_wrong_choice(field: str, sent: str) -> None:
    form = PickingForm({field: [sent] if field != "one" else sent})
    assert [error.code for error in form.errors.as_data()[field]] == ["invalid_choice"]
    assert list(form.errors) == [field]


def test_a_true_choice_among_rows_is_kept() -> None:
    offer = Offer.objects.first()
    form = PickingForm({"one": str(offer.pk), "several": [str(offer.pk)], "late": []})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["one"], list(form.cleaned_data["several"])) == (offer, [offer])


def test_text_that_is_no_date_is_shown_again(client: Client) -> None:
    assert re.search(
        r'<input type="text" name="day" value="i går"', client.post("/", {"day": "i går"}).content.decode()
    )


class TestTwoPeopleAtOneForm:
    def test_the_second_sees_both_versions_and_nothing_is_overwritten(self, client: Client) -> None:
        action = f.ActionFactory(title="Fra begyndelsen", owner="Leder")
        mine = ActionForm(instance=action)
        opened = mine["version"].value()
        colleague = ActionForm(_typed(action, title="Kollegaens titel", version=opened), instance=_fresh(action))
        assert colleague.is_valid(), colleague.errors
        colleague.save()

        page = client.post(reverse("edit", args=[action.pk]), _typed(action, title="Min titel", version=opened))
        html = page.content.decode()
        assert page.status_code == 200
        assert "Min titel" in html
        assert "Kollegaens titel" in html
        assert _fresh(action).title == "Kollegaens titel"

        again = re.search(r'name="version" value="(\d+)"', html)
        assert again
        saved = client.post(reverse("edit", args=[action.pk]), _typed(action, title="Min titel", version=again[1]))
        assert saved.status_code == 302
        assert _fresh(action).title == "Min titel"

    def test_only_fields_that_differ_are_listed(self) -> None:
        action = f.ActionFactory(owner="Leder")
        type(action).objects.filter(pk=action.pk).update(version=2, title="Ny")
        form = ActionForm(_typed(action, title="Min", version=1), instance=_fresh(action))
        assert not form.is_valid()
        assert [(one.yours, one.stored) for one in form.conflict.differences] == [("Min", "Ny")]

    @pytest.mark.parametrize("version", ["", "abc", "999999999999999999999"])
    def test_a_form_without_a_true_version_overwrites_nothing(self, version: str) -> None:
        action = f.ActionFactory(title="Gemt")
        form = ActionForm(_typed(action, title="Ny", version=version), instance=_fresh(action))
        assert not form.is_valid()
        assert _fresh(action).title == "Gemt"

    def test_a_save_that_comes_between_check_and_save_is_seen(self, client: Client) -> None:
        from engagements.design.versions import StaleError

        action = f.ActionFactory()
        form = ActionForm(_typed(action, title="Min", version=1), instance=_fresh(action))
        assert form.is_valid(), form.errors
        type(action).objects.filter(pk=action.pk).update(version=2, title="Imellem")
        with pytest.raises(StaleError):
            form.save()
        assert _fresh(action).title == "Imellem"


def _typed(action: object, **changes: object) -> dict[str, object]:
    return {"title": action.title, "owner": action.owner, "due_on": action.due_on.isoformat()} | changes  # type: ignore[attr-defined]


def _fresh(action: object) -> object:
    return type(action).objects.get(pk=action.pk)  # type: ignore[attr-defined]
