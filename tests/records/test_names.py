"""Names of children and parents in texts about casework: what is refused, and what one writes without names."""

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from engagements.records.fields import NAME_CODE, NamelessTextField
from engagements.records.names import find_child_names

NAMED = [
    "Det drejer sig om drengen Oliver Jensen, som ikke er hørt.",
    "Drengen Oliver er ikke hørt.",
    "barnet Ida Holm er anbragt",
    "Barnet hedder Sofie",
    "en pige ved navn Emma-Marie",
    "sønnen: Noah",
    "moren Lone har samtykket",
    "den unge Ali flyttede",
    "pigen A.B. er ikke hørt",
    "O.J., 9 år",
    "sagen om O.J. (9 år)",
    "OJ på 9 år",
    "vi talte med Mads Peter (12 år)",
    "arbejdet med Oliver på 9 år",
    "den 9-årige Mads er ikke hørt",
    "the boy Oliver Smith",
]
NAMELESS = [
    "Barn A blev anbragt, barn B blev hjemme.",
    "moren A og faren B",
    "drengen på 9 år og pigen (12 år)",
    "barnets lov § 18 og Barnets Lov",
    "barnet VISO rådgav om",
    "barnet Korsbæk Kommune anbragte",
    "barnet Ankestyrelsen traf afgørelse om",
    "barnet I har talt med",
    "Er barnet hørt? Vi ved det ikke.",
    "børn på 0-3 år",
    "Vi har arbejdet i Korsbæk på 3 år.",
    "Indsatsen (3 år) virker. Behandlingstiden, 2 år, er lang.",
    "VISO, 3 år siden",
    "Faren for at barnet overses",
    "en dreng fra Odense",
    "Hvordan taler vi med barnet: Hvem gør det, og hvornår?",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_named_child_or_parent_is_found(text: str) -> None:
    assert find_child_names(text)


@pytest.mark.parametrize("text", NAMELESS)
def test_what_is_written_without_names_passes(text: str) -> None:
    assert find_child_names(text) == []


def test_the_passage_is_given_as_written() -> None:
    assert find_child_names("Om Drengen  Oliver Jensen og arbejdet med Ida på 7 år.") == [
        "Drengen Oliver Jensen",
        "Ida på 7 år",
    ]


def test_a_long_text_of_names_takes_no_time() -> None:
    for text in ("Aa " * 2000, "A." * 3000, "drengen " * 1000, "9-årig " * 1000):
        find_child_names(text)


def test_a_nameless_field_refuses_a_name_and_says_where() -> None:
    class Note(models.Model):
        text = NamelessTextField("problemet")

        class Meta:
            app_label = "tests"
            managed = False

    with pytest.raises(ValidationError) as refused:
        Note(text="drengen Oliver Jensen").full_clean()
    assert refused.value.error_dict["text"][0].code == NAME_CODE
    assert "Problemet" in str(refused.value)
    with pytest.raises(ValidationError) as refused:
        Note(text="drengen Oliver 010111-1234").full_clean()
    assert "010111" not in str(refused.value)
