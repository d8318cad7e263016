"""Every free text of every model is guarded, and the refusal names the field and not the number."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.text import capfirst

from engagements.records.fields import Guarded, GuardedText, GuardedTextField, refuse_cpr
from tests import factories

CPR = "010203-1234"

NOT_FREE_TEXT = {
    "engagements.agency.key": "a key of the house",
    "engagements.answer.value": "one of six answers",
    "engagements.application.case_no": "given by the system",
    "engagements.application.reference": "given by the system",
    "engagements.attachment.sha256": "computed",
    "engagements.briefing.content": "frozen copies of fields that are guarded",
    "engagements.document.case_no": "given by the system",
    "engagements.document.sha256": "computed",
    "engagements.engagement.case_no": "given by the system",
    "engagements.evidence.sha256": "computed",
    "engagements.invitation.next_address": "an address of ours",
    "engagements.invitation.token": "random",
    "engagements.municipality.code": "four digits, checked by the database",
    "engagements.municipality.folded_name": "computed from the name",
    "engagements.notice.address": "an address of ours",
    "engagements.notice.key": "a key of the house",
    "engagements.numberseries.series": "a key of the house",
    "engagements.offer.key": "a key of the house",
    "engagements.outboxmessage.language": "da or en",
    "engagements.outboxmessage.last_error": "written by the mail server",
    "engagements.region.code": "reference",
    "engagements.reportversion.content": "frozen copies of fields that are guarded",
    "engagements.requirement.code": "a key of the house",
    "engagements.requirementversion.deadline_iso": "a duration, checked by its form",
    "engagements.section.key": "one of the sections",
    "engagements.signoff.answers_digest": "computed",
    "engagements.signoff.signed_role": "one of the roles",
    "engagements.signoff.token": "random",
    "engagements.outboxmessage.address": "an address of ours",
    "engagements.outboxmessage.key": "a key of the house",
    "engagements.workdomain.domain": "a domain name, checked by its form",
    "engagements.evaluation.nonce": "random",
    "engagements.legalquestion.reference": "given by the system",
    "engagements.publishedanswer.folded_words": "computed from fields that are guarded",
    "engagements.visit.reference": "given by the system",
    "engagements.visit.token": "random",
    "engagements.visit.weeks": "numbers of weeks, checked by their form",
    "engagements.visitoffer.quarter": "a quarter of a year, made by the form",
    "cms.brokenlink.address": "an address from a page, whose text is guarded",
    "cms.brokenlink.answer": "what the other server said",
    "cms.formfield.clean_name": "computed by Wagtail from a guarded label",
    "cms.librarypage.folded_words": "computed from fields that are guarded",
    "cms.post.folded_text": "computed from a field that is guarded",
    "cms.thread.folded_title": "computed from a field that is guarded",
    "cms.publicationpage.source_digest": "computed",
    "cms.publicationpage.source_name": "given by the import command",
    "users.user.password": "a hash",
}
"""Text columns that no person writes freely in, each with the reason."""

OURS = ("engagements", "users", "cms")


def text_columns() -> dict[str, models.Field]:
    """Every text column of our own models that is not a choice, an address of mail or a file."""
    found: dict[str, models.Field] = {}
    for model in apps.get_models():
        if model._meta.app_label not in OURS or issubclass(model, GuardedText):
            continue
        for field in model._meta.local_fields:
            if not isinstance(field, (models.CharField, models.TextField, models.JSONField)) or field.choices:
                continue
            if isinstance(field, (models.EmailField, models.SlugField, models.URLField)) and not field.choices:
                continue
            found[f"{model._meta.label_lower}.{field.name}"] = field
    return found


def test_every_text_column_is_guarded_or_has_a_reason_not_to_be() -> None:
    unguarded = {name for name, field in text_columns().items() if not isinstance(field, Guarded)}
    assert unguarded - NOT_FREE_TEXT.keys() == set()


def test_no_reason_is_given_for_a_column_that_is_gone_or_guarded() -> None:
    stale = {name for name in NOT_FREE_TEXT if name.rpartition(".")[0] in _models()} - {
        name for name, field in text_columns().items() if not isinstance(field, Guarded)
    }
    assert stale <= {"engagements.answer.value", "engagements.agency.key", "engagements.offer.key"}


def _models() -> set[str]:
    return {model._meta.label_lower for model in apps.get_models()}


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", sorted(name for name, field in text_columns().items() if isinstance(field, Guarded)))
def test_each_guarded_field_refuses_and_names_itself(name: str, language: str) -> None:
    field: Any = text_columns()[name]
    value: Any = {"svar": [f"Om {CPR} igen"]} if isinstance(field, models.JSONField) else f"Om {CPR} igen"
    with translation.override(language), pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    with translation.override(language):
        message = " ".join(caught.value.messages)
        assert capfirst(str(field.verbose_name)) in message
    assert "1234" not in message


def test_the_message_is_the_one_of_the_glossary() -> None:
    with pytest.raises(ValidationError) as caught:
        GuardedTextField("baggrund").clean(f"Om {CPR}", None)
    with translation.override("da"):
        messages = caught.value.messages
    assert messages == [
        "Feltet »Baggrund« er ikke gemt, fordi det ser ud til at indeholde et CPR-nummer; slet nummeret, og gem igen – "
        "alt andet, I har skrevet, er bevaret."
    ]


@pytest.mark.parametrize(
    "value",
    [CPR, [CPR], {"a": {"b": CPR}}, {CPR: 1}, 1112031234, "<b>010203</b>-1234", "010203&#45;1234"],
)
def test_the_guard_looks_inside_whatever_it_is_given(value: Any) -> None:
    with pytest.raises(ValidationError):
        refuse_cpr(value)


@pytest.mark.django_db
def test_a_model_form_keeps_what_else_was_typed() -> None:
    from django.forms import modelform_factory

    from engagements.models import EngagementNote

    form = modelform_factory(EngagementNote, fields=["text", "internal"])({"text": f"Om {CPR}", "internal": "on"})
    form.instance.engagement = factories.EngagementFactory()
    assert not form.is_valid()
    assert "text" in form.errors
    assert form["text"].value() == f"Om {CPR}"
    assert form["internal"].value() is True
