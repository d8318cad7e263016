"""Template tags of the house; built in, so no template loads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.db import models
from django.forms import BaseForm, BaseFormSet
from django.templatetags.static import StaticNode
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from engagements.design import numbers
from engagements.lifecycle import Move, _state_field, action_name, moves_for, state_label

register = template.Library()

GOOD = frozenset(
    {"accepted", "verified", "published", "released", "closed", "active", "sent", "met", "signed", "seated", "answered"}
)
WAITING = frozenset(
    {"more_information", "with_director", "reported", "waitlisted", "paused", "waiting", "partly", "offered"}
)
UNDER_WAY = frozenset(
    {"submitted", "assessment", "in_progress", "recording", "locked", "requested", "assigned", "second_reading"}
)
ENDED_BADLY = frozenset({"failed", "not_met", "overdue"})


def tone(state: str) -> str:
    """The DKFDS badge that fits a state; plain grey where none does."""
    for states, name in ((GOOD, "success"), (WAITING, "warning"), (UNDER_WAY, "info"), (ENDED_BADLY, "error")):
        if state in states:
            return f"badge-{name}"
    return "badge-neutral"


@register.simple_tag
def state_tag(obj: models.Model) -> SafeString:
    """The state of a thing as a coloured tag in words."""
    state = str(getattr(obj, _state_field(type(obj)).name))
    return badge(state_label(obj), tone(state))


@register.simple_tag
def badge(text: Any, name: str = "badge-neutral") -> SafeString:
    """A small coloured label; the colour never says anything the words do not."""
    words = str(text)
    return format_html('<span class="badge {}">{}</span>', name, words[:1].upper() + words[1:])


@lru_cache(maxsize=500)
def address_of(path: str) -> str:
    """Where a file of the design lies; each is looked up once, since it cannot move while the server runs."""
    found: str = StaticNode.handle_simple(path)
    return found


class KeptStaticNode(StaticNode):
    """`{% static %}` that remembers."""

    @classmethod
    def handle_simple(cls, path: str) -> str:
        """From memory."""
        return address_of(path)


@register.tag
def static(parser: Any, token: Any) -> StaticNode:
    """The address of a file of the design."""
    node: StaticNode = KeptStaticNode.handle_token(parser, token)
    return node


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon from the DKFDS sprite; without a label it is decoration."""
    return _drawn(address_of("dkfds/img/all-svg-icons.svg"), name, str(label), css)


@lru_cache(maxsize=500)
def _drawn(sprite: str, name: str, label: str, css: str) -> SafeString:
    shown = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon-svg {}" focusable="false" {}><use href="{}#{}"></use></svg>', css, shown, sprite, name
    )


@dataclass(frozen=True)
class MoveButton:
    """A button on the page of a thing."""

    move: Move
    url: str


@register.inclusion_tag("components/move_buttons.html", takes_context=True)
def move_buttons(context: template.Context, obj: models.Model) -> dict[str, Any]:
    """Links to the pages of the moves this person may make now."""
    from engagements.design.moves import move_url

    moves = [found for found in moves_for(obj, context["user"]) if not found.hidden]
    return {"buttons": [MoveButton(found, move_url(obj, found.name)) for found in moves]}


@dataclass(frozen=True)
class Entry:
    """One line of the log: who, when, what, and the note if it may be shown."""

    who: str
    when: datetime
    what: str
    note: str
    internal: bool


def entries_of(obj: models.Model, *, internal: bool) -> list[Entry]:
    """The audit entries of one object, newest first; internal notes and acts only when `internal`.

    A move with an internal note is shown to all without its note; an act that is internal in itself is not shown.
    """
    found = registry.get_logs_for_instance(obj).select_related("user").order_by("-timestamp", "-pk")
    entries = []
    for entry in found:
        kept = entry.data or {}
        is_internal = bool(kept.get("internal"))
        if is_internal and not internal and "note" not in kept:
            continue
        note = str(kept.get("note", "")) if internal or not is_internal else ""
        who = str(entry.user) if entry.user else _("the system")
        # What happened ("has been submitted"), not the button that did it ("Submit").
        what = entry.message or registry.get_action_label(entry.action)
        entries.append(Entry(who, entry.timestamp, str(what), note, is_internal and bool(note)))
    return entries


@register.inclusion_tag("components/history.html")
def history(obj: models.Model, internal: bool = False, notes: bool = True) -> dict[str, Any]:
    """Who did what when; without the `notes` for those whom reasons are not meant for."""
    entries = entries_of(obj, internal=internal)
    return {"entries": entries if notes else [replace(entry, note="") for entry in entries]}


@register.inclusion_tag("components/remark.html")
def remark(obj: models.Model, *names: str, internal: bool = False, calm: bool = False) -> dict[str, Any]:
    """What was written the last time one of these moves was made, for the page of the thing it sent back.

    The page shows it while the thing is in the state the move led to; an internal note needs `internal`. A `calm` one
    stands under a heading of its own and calls for nothing.
    """
    actions = [action_name(type(obj), name) for name in names]
    found = registry.get_logs_for_instance(obj).filter(action__in=actions).select_related("user")
    entry = found.order_by("-timestamp", "-pk").first()
    kept = (entry.data or {}) if entry else {}
    is_internal = bool(kept.get("internal"))
    shown = entry and kept.get("note") and (internal or not is_internal)
    return {"entry": entry if shown else None, "note": kept.get("note", ""), "is_internal": is_internal, "calm": calm}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], label: str = "") -> dict[str, Any]:
    """Plain links as tabs; each item has `label`, `url` and `active`."""
    return {"items": items, "label": label or _("Pages about this")}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """What a list says when it is empty: what belongs here and what to do."""
    return {"title": title, "text": text, "url": url, "action": action}


def _each(forms: Iterable[Any]) -> Iterator[Any]:
    """The forms, and those within sets of forms after the set itself."""
    for form in forms:
        yield form
        if isinstance(form, BaseFormSet):
            yield from form.forms


@register.inclusion_tag("forms/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """Every error of these forms in one box that takes focus, each a link to its field."""
    general: list[str] = []
    errors: list[tuple[str, str]] = []
    for form in _each(forms):
        if isinstance(form, BaseFormSet):
            general.extend(str(text) for text in form.non_form_errors())
            continue
        if not isinstance(form, BaseForm) or not form.errors:
            continue
        general.extend(str(text) for text in form.non_field_errors())
        for field in form:
            named = getattr(field, "named_errors", field.errors)
            target = getattr(field, "first_id", field.auto_id)
            (general.extend(map(str, named)) if field.is_hidden else errors.extend((target, text) for text in named))
    return {"general": general, "errors": errors, "total": len(general) + len(errors)}


@register.filter
def datelong(value: Any) -> str:
    """`22. november 2026`, or with the time `22. november 2026 kl. 12.00`."""
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return ""


@register.filter
def daylong(value: Any) -> str:
    """The day of a moment as it is in Denmark: `22. november 2026`; a stored moment's own date is that of UTC."""
    return datelong(timezone.localtime(value).date()) if isinstance(value, datetime) else datelong(value)


@register.filter
def x_of_n(x: Any, n: Any) -> str:
    """`12 of 20`: a count never stands without what it is counted among."""
    return _("%(x)s of %(n)s") % {"x": formats.localize(x), "n": formats.localize(n)}


@register.filter
def percent(value: Any, decimals: int = 0) -> str:
    """A share between 0 and 1 as `60 %`."""
    return "–" if value is None or value == "" else numbers.percent(float(value), decimals)
