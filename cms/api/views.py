"""The page that explains the open data, drawn from its schema, so that the two never say different things."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from .api import LICENCE, schema
from .listing import LARGEST

CSV = {"/api/v1/emner", "/api/v1/kurser", "/api/v1/forloeb", "/api/v1/hold"}
EXAMPLES = {
    "/api/v1/kurser": "?level=basic",
    "/api/v1/hold": "?standing=open&from=2026-01-01",
}


@dataclass(frozen=True)
class Named:
    """A parameter or a field: its name, what kind of value it has, and what it means."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True)
class EndPoint:
    """An address, what it gives, and what it may be asked."""

    anchor: str
    title: str
    about: str
    address: str
    example: str
    csv: str
    parameters: list[Named]
    fields: list[Named]


class Documentation(TemplateView):
    """`/api/`."""

    template_name = "api/documentation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every address of the schema, in its order."""
        described = schema()
        return super().get_context_data(**kwargs) | {
            "end_points": [_end_point(described, address, item["get"]) for address, item in described["paths"].items()],
            "base": settings.SITE_URL,
            "schema_address": reverse("api:openapi-json"),
            "licence": LICENCE,
            "largest": LARGEST,
        }


def _end_point(described: dict[str, Any], address: str, item: dict[str, Any]) -> EndPoint:
    answer = item["responses"][200]["content"]["application/json"]["schema"]
    return EndPoint(
        anchor=item["operationId"].removeprefix("cms_api_").replace("_", "-"),
        title=gettext(item["summary"]),
        about=gettext(item["description"]),
        address=address,
        example="" if "{" in address else address + EXAMPLES.get(address, ""),
        csv=f"{address}.csv" if address in CSV else "",
        parameters=[
            _named(described, one["name"], one["schema"]) for one in item.get("parameters", []) if one["in"] == "query"
        ],
        fields=_fields(described, _row(described, answer)),
    )


def _resolved(described: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """The part of the schema that a reference names."""
    named = part.get("$ref") or next((one["$ref"] for one in part.get("allOf", []) if "$ref" in one), "")
    return dict(described["components"]["schemas"][named.rpartition("/")[2]]) if named else part


def _row(described: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The schema of one row, of a list or alone."""
    whole = _resolved(described, answer)
    results = whole["properties"].get("results")
    return _resolved(described, results["items"]) if results else whole


def _fields(described: dict[str, Any], row: dict[str, Any], prefix: str = "") -> list[Named]:
    found = []
    for name, part in row["properties"].items():
        found.append(_named(described, prefix + name, part))
        inner = _resolved(described, part.get("items", {}))
        if "properties" in inner:
            found += _fields(described, inner, f"{prefix}{name}[].")
    return found


def _named(described: dict[str, Any], name: str, part: dict[str, Any]) -> Named:
    about = part.get("description") or ""
    return Named(name, _kind(described, part), gettext(about) if about else "")


def _kind(described: dict[str, Any], part: dict[str, Any]) -> str:
    """The kind of value in words, or the values there are."""
    choices = [one for one in part.get("anyOf", [part]) if one.get("type") != "null"]
    inner = _resolved(described, choices[0])
    if "enum" in inner:
        return ", ".join(str(value) for value in inner["enum"])
    words = {
        "date": _("date"),
        "date-time": _("date and time"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "array": _("list"),
        "string": _("text"),
    }
    return words[inner.get("format") or inner["type"]]
