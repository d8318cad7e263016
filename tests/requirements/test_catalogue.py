"""The year of the decision picks the law; what is published stays as it is; nothing counts as confirmed by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Requirement, RequirementVersion
from engagements.requirements import reference, services
from engagements.requirements.models import GUIDEPOSTS, Law, Must, Theme
from tests.factories import RequirementFactory, StaffFactory

pytestmark = pytest.mark.django_db


def the(code: str) -> Requirement:
    """The requirement with this code."""
    return Requirement.objects.get(code=code)


def test_the_catalogue_has_43_requirements_under_two_laws() -> None:
    assert Requirement.objects.count() == 43
    assert RequirementVersion.objects.filter(law=Law.CHILDRENS_ACT).count() == 43
    assert RequirementVersion.objects.filter(law=Law.SERVICE_ACT).count() == 40
    assert set(GUIDEPOSTS) < set(Requirement.objects.values_list("theme", flat=True)) <= set(Theme.values)


def test_each_must_has_one_requirement() -> None:
    tagged = dict(Requirement.objects.exclude(must="").values_list("must", "code"))
    assert tagged == {Must.TALK: "INV-SAMT", Must.INVOLVE: "BFU-SAM", Must.REACT: "UND-24T", Must.FOLLOW: "OPF-3M"}


@pytest.mark.parametrize(
    ("code", "year", "law", "paragraph", "deadline"),
    [
        ("UND-24T", 2023, Law.SERVICE_ACT, "§ 155", "PT24H"),
        ("UND-24T", 2024, Law.CHILDRENS_ACT, "§ 136", "PT24H"),
        ("HPL-1", 2011, Law.SERVICE_ACT, "§ 140, stk. 1", "P4M"),
        ("HPL-1", 2026, Law.CHILDRENS_ACT, "§ 91", "P3M"),
        ("OPF-6M", 2023, Law.SERVICE_ACT, "§ 70", "P6M"),
        ("OPF-6M", 2024, Law.CHILDRENS_ACT, "§ 95, stk. 3", ""),
        ("FVL-1", 2025, Law.CHILDRENS_ACT, "forvaltningsloven", ""),
    ],
)
def test_the_year_of_the_decision_picks_the_wording(
    code: str, year: int, law: str, paragraph: str, deadline: str
) -> None:
    version = services.version_for(the(code), year)
    assert version is not None
    assert version.law == law
    assert version.paragraph.startswith(paragraph)
    assert version.deadline_iso == deadline


@pytest.mark.parametrize("code", ["SCR-1", "SCR-RIS", "AFD-1"])
def test_a_requirement_the_old_law_did_not_know_judges_no_old_case(code: str) -> None:
    assert services.version_for(the(code), 2023) is None
    assert services.version_for(the(code), 2024) is not None


def test_each_law_gets_its_own_words_for_the_deadline() -> None:
    def words(code: str) -> list[str]:
        return list(the(code).versions.order_by("valid_from").values_list("deadline_text", flat=True))

    assert words("HPL-1") == [
        "Før afgørelse, i hastesag senest 4 måneder",
        "Senest 3 måneder efter afgørelse",
    ]
    old, new = words("INV-SAMT")
    assert old == "Før afgørelsen"
    assert "løbende" in new
    old, new = words("OPF-3M")
    assert "sideløbende" not in old
    assert "sideløbende" in new
    assert not any("BL" in text or "SEL" in text for code in ("HPL-1", "INV-SAMT", "OPF-3M") for text in words(code))


@given(st.integers(2011, 2090))
def test_in_every_year_a_requirement_has_at_most_one_wording(year: int) -> None:
    found = list(RequirementVersion.objects.for_year(year).values_list("requirement", flat=True))
    assert len(found) == len(set(found))


def test_many_wordings_cost_one_query(django_assert_num_queries: Any) -> None:
    requirements = list(Requirement.objects.all())
    with django_assert_num_queries(1):
        found = services.versions_for(requirements, 2025)
        assert found[requirements[0].pk].requirement.code
    assert len(found) == 43


def test_making_the_catalogue_again_changes_nothing(django_assert_num_queries: Any) -> None:
    before = list(RequirementVersion.objects.order_by("pk").values())
    with django_assert_num_queries(1):
        reference.ensure()
    assert list(RequirementVersion.objects.order_by("pk").values()) == before


ATTEMPTS = {
    "save": lambda v: v.save(),
    "save fields": lambda v: v.save(update_fields=["paragraph"]),
    "update": lambda v: RequirementVersion.objects.filter(pk=v.pk).update(paragraph=v.paragraph),
    "update of a slice by law": lambda v: RequirementVersion.objects.filter(law=v.law).update(paragraph=v.paragraph),
    "update through the base manager": lambda v: RequirementVersion._base_manager.filter(pk=v.pk).update(paragraph="x"),
    "update through the requirement": lambda v: v.requirement.versions.update(paragraph="x"),
    "bulk update": lambda v: RequirementVersion.objects.bulk_update([v], ["paragraph"]),
    "bulk create over it": lambda v: RequirementVersion.objects.bulk_create(
        [v], update_conflicts=True, unique_fields=["id"], update_fields=["paragraph"]
    ),
    "update or create": lambda v: RequirementVersion.objects.update_or_create(
        pk=v.pk, defaults={"paragraph": v.paragraph}
    ),
    "delete": lambda v: v.delete(),
    "delete in bulk": lambda v: RequirementVersion.objects.filter(pk=v.pk).delete(),
    "delete all": lambda v: RequirementVersion.objects.all().delete(),
    "raw delete": lambda v: RequirementVersion.objects.filter(pk=v.pk)._raw_delete("default"),
    "delete through the base manager": lambda v: RequirementVersion._base_manager.filter(pk=v.pk).delete(),
    "unpublish": lambda v: RequirementVersion.objects.filter(pk=v.pk).update(published_at=None),
    "delete the requirement": lambda v: v.requirement.delete(),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_published_version_cannot_be_changed_or_deleted(attempt: str) -> None:
    version = the("UND-24T").versions.get(law=Law.CHILDRENS_ACT)
    before = RequirementVersion.objects.filter(pk=version.pk).values().get()
    version.paragraph = "§ 999"
    with pytest.raises((ValidationError, ProtectedError)), transaction.atomic():
        ATTEMPTS[attempt](version)
    assert RequirementVersion.objects.filter(pk=version.pk).values().get() == before


def test_a_draft_may_be_changed_and_deleted_and_judges_nothing() -> None:
    user = StaffFactory(group="lead")
    draft = services.draft_version(the("UND-24T"), valid_from=date(2026, 1, 1), by=user, paragraph="§ 136 a")
    assert services.version_for(the("UND-24T"), 2026).paragraph == "§ 136"
    draft.paragraph = "§ 136 b"
    draft.save()
    assert draft.deadline_iso == "PT24H"
    draft.delete()


def test_a_new_version_takes_over_from_its_date_and_the_old_one_stays() -> None:
    user = StaffFactory(group="lead")
    draft = services.draft_version(the("UND-24T"), valid_from=date(2026, 1, 1), by=user, paragraph="§ 136 a")
    services.publish(draft, by=user)
    assert services.version_for(the("UND-24T"), 2025).paragraph == "§ 136"
    assert services.version_for(the("UND-24T"), 2026).paragraph == "§ 136 a"
    with pytest.raises(ValidationError):
        services.publish(draft, by=user)


def test_only_a_named_lawyer_and_a_date_take_the_mark_away() -> None:
    user = StaffFactory(group="administrators")
    version = the("UND-24T").versions.first()
    assert not version.is_confirmed
    today = timezone.localdate()
    for lawyer, on in [("", today), ("  ", today), ("Jurist", today + timedelta(days=1)), ("010203-1234", today)]:
        with pytest.raises(ValidationError):
            services.confirm(version, lawyer=lawyer, on=on, by=user)
    assert not RequirementVersion.objects.exclude(confirmed_by="").exists()
    assert services.confirm(version, lawyer="Jurist i Ankestyrelsen", on=today, by=user).is_confirmed
    assert not services.withdraw_confirmation(version, by=user).is_confirmed


def test_a_confirmation_keeps_everything_else() -> None:
    version = the("UND-24T").versions.first()
    version.paragraph = "§ 999"
    confirmed = services.confirm(version, lawyer="Jurist", on=timezone.localdate(), by=None)
    assert confirmed.paragraph == "§ 155"


def test_the_factory_makes_requirements_under_both_laws() -> None:
    requirement = RequirementFactory()
    assert services.version_for(requirement, 2023).paragraph == "§ 1"
    assert services.version_for(requirement, 2025).paragraph == "§ 2"
