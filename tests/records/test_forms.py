"""Forms of the house refuse a CPR number in any text, name the field, and keep the rest."""

from typing import Any

import pytest
from django import forms
from django.utils import translation

from engagements import lifecycle
from engagements.design.forms import FilterForm, PortalForm
from tests.factories import EngagementFactory, StaffFactory

CPR = "010203-1234"


class Asked(PortalForm):
    """Two fields declared, one added on the way."""

    background = forms.CharField(label="Baggrund", widget=forms.Textarea)
    email = forms.EmailField(label="Mail", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["later"] = forms.CharField(label="Senere tilføjet", required=False)


@pytest.mark.parametrize(("name", "label"), [("background", "Baggrund"), ("later", "Senere tilføjet")])
def test_each_text_names_itself_and_the_rest_is_kept(name: str, label: str) -> None:
    form = Asked({"background": "Vi søger, fordi …", "email": "a@korsbaek.example", name: f"Om {CPR}"})
    with translation.override("da"):
        assert not form.is_valid()
        assert form.errors[name] == [
            f"Feltet »{label}« er ikke gemt, fordi det ser ud til at indeholde et CPR-nummer; slet nummeret, "
            "og gem igen – alt andet, I har skrevet, er bevaret."
        ]
    assert list(form.errors) == [name]
    assert form["email"].value() == "a@korsbaek.example"


def test_a_search_form_keeps_nothing_and_refuses_nothing() -> None:
    class Search(FilterForm):
        q = forms.CharField(required=False)

    assert Search({"q": CPR}).is_valid()


@pytest.mark.django_db
def test_the_note_of_a_move_is_refused_and_nothing_is_logged() -> None:
    from wagtail.models import ModelLogEntry

    engagement, lead = EngagementFactory(), StaffFactory(group="lead")
    with pytest.raises(lifecycle.MoveRefused) as refused:
        lifecycle.move(engagement, "pause", by=lead, note=f"Om {CPR}")
    assert "1234" not in str(refused.value)
    engagement.refresh_from_db()
    assert engagement.state == "active"
    assert not ModelLogEntry.objects.exists()
