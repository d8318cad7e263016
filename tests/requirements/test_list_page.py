"""The public page shows the law of the year, and says of each requirement whether a lawyer has confirmed it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import RequirementVersion
from engagements.requirements import services

pytestmark = pytest.mark.django_db


def test_everyone_sees_every_requirement_of_this_year_with_the_mark(client: Client) -> None:
    html = client.get("/lovkrav/").content.decode()
    assert len(re.findall(r'<div id="[A-ZÆØÅ0-9-]+">', html)) == 43
    assert html.count("kke juridisk bekræftet</span>") == 43
    assert len(html.encode()) < 100_000


def test_the_mark_goes_when_a_lawyer_has_confirmed(client: Client) -> None:
    version = RequirementVersion.objects.for_year(timezone.localdate().year).first()
    services.confirm(version, lawyer="Jurist i Ankestyrelsen", on=timezone.localdate(), by=None)
    html = client.get("/lovkrav/").content.decode()
    assert html.count("kke juridisk bekræftet</span>") == 42
    assert "bekræftet af Jurist i Ankestyrelsen" in html


@pytest.mark.parametrize(
    ("query", "has", "lacks"),
    [
        ("year=2023", "serviceloven § 155", "barnets lov §"),
        ("law=serviceloven", "serviceloven § 155", "barnets lov §"),
        ("theme=opf%C3%B8lgning", "OPF-3M", "UND-24T"),
        ("q=und-24t", "UND-24T", "OPF-3M"),
        ("q=B%C3%B8rnesamtale", "INV-SAMT", "UND-24T"),
    ],
)
def test_filters_narrow_the_list(client: Client, query: str, has: str, lacks: str) -> None:
    html = client.get(f"/lovkrav/?{query}").content.decode()
    assert has in html
    assert lacks not in html


def test_the_page_speaks_english(client: Client) -> None:
    html = client.get("/en/lovkrav/").content.decode()
    assert "Notification assessed within 24 hours" in html
    assert "not legally confirmed" in html.lower()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_can_be_downloaded_with_the_mark(client: Client, kind: str) -> None:
    answer = client.get(f"/lovkrav/?format={kind}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert "attachment" in answer["Content-Disposition"]
    if kind == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert len(lines) == 44
        assert all("ikke juridisk bekræftet" in line for line in lines[1:])


def test_the_page_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        client.get("/lovkrav/")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["q", "law", "year", "theme", "sort", "page", "format"]), st.text(max_size=30)))
def test_nothing_in_the_address_breaks_the_page(client: Client, query: dict[str, str]) -> None:
    assert client.get("/lovkrav/", query).status_code == 200
