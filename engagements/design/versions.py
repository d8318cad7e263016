"""Two people at one form: the second one sees both versions and chooses; nothing is overwritten in silence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils import formats
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Difference:
    """One field on which the two versions differ, in the words a reader sees."""

    label: str
    yours: str
    stored: str


@dataclass(frozen=True)
class Conflict:
    """A colleague saved after this form was opened: who, when, and what differs."""

    differences: list[Difference]
    by: str = ""
    at: Any = None


class StaleError(Exception):
    """Somebody saved the row after the form was opened; `stored` is the row as it is now. Nothing has been changed.

    A view answers by asking the form to `note_conflict()` and showing it again.
    """

    def __init__(self, stored: models.Model) -> None:
        super().__init__(_("Somebody else has changed this since you opened it. Nothing has been overwritten."))
        self.stored = stored


class VersionedForm:
    """Mixin for forms on a `Versioned` row: `class ActionForm(VersionedForm, PortalModelForm)`.

    The form carries the version it was opened at. When the stored row is newer the form is invalid, `form.conflict`
    shows both versions field by field, and the form now carries the newer version: saving again is a conscious choice.
    A plain form passes the row as `stored=` and overrides `stored_values` when the fields are not the row's own.
    A service that makes its own optimistic check gets `form.expected_version`.
    """

    conflict: Conflict | None = None
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, stored: models.Model | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored: Any = stored if stored is not None else getattr(self, "instance", None)
        self.opened_at: int | None = self.stored.version if self.stored is not None and self.stored.pk else None
        if self.opened_at is not None:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False, initial=self.opened_at
            )

    @property
    def expected_version(self) -> int | None:
        """The version the form was opened at; None for a row that does not exist yet."""
        found: int | None = self.cleaned_data.get("version")
        return found

    def stored_values(self, row: Any) -> dict[str, Any]:
        """The stored value of each field of the form."""
        names = [name for name in self.fields if name != "version"]
        known = model_to_dict(row, fields=names)
        return {name: known.get(name, getattr(row, name, None)) for name in names}

    def clean(self) -> Any:
        """Compare with the stored row."""
        cleaned = super().clean()  # type: ignore[misc]
        if self.opened_at is not None:
            newest = type(self.stored)._base_manager.filter(pk=self.stored.pk).first()
            if newest is not None and self.cleaned_data.get("version") != newest.version:
                self._show(newest)
        return cleaned

    def note_conflict(self) -> None:
        """Make a form that was valid a moment ago show the version that came between."""
        newest = type(self.stored)._base_manager.get(pk=self.stored.pk)
        self._show(newest)

    def save(self, commit: bool = True) -> Any:
        """Save unless someone came between (`StaleError`); the version counts up."""
        if self.opened_at is None or not commit:
            return super().save(commit=commit)  # type: ignore[misc]
        with transaction.atomic():
            rows = type(self.stored)._base_manager.filter(pk=self.stored.pk, version=self.expected_version)
            if not rows.update(version=models.F("version") + 1):
                raise StaleError(type(self.stored)._base_manager.get(pk=self.stored.pk))
            self.stored.version = (self.expected_version or 0) + 1
            return super().save(commit=True)  # type: ignore[misc]

    def _show(self, newest: Any) -> None:
        stored = self.stored_values(newest)
        differences = []
        for name, field in self.fields.items():
            if name == "version" or name not in stored:
                continue
            yours, theirs = shown(field, self._entered(name)), shown(field, stored[name])
            if yours != theirs:
                differences.append(Difference(str(self[name].label), yours, theirs))  # type: ignore[index]
        by, at = _last_change(newest)
        self.conflict = Conflict(differences, by, at)
        self.data = self.data.copy()  # type: ignore[has-type]
        self.data[self.add_prefix("version")] = str(newest.version)  # type: ignore[attr-defined]
        self.add_error(  # type: ignore[attr-defined]
            None,
            forms.ValidationError(
                _(
                    "Someone else has saved since you opened this. Compare the two versions, and save again if yours applies."
                ),
                code="conflict",
            ),
        )

    def _entered(self, name: str) -> Any:
        return self.cleaned_data[name] if name in self.cleaned_data else self[name].data  # type: ignore[index]

    def get_context(self) -> dict[str, Any]:
        """Give the form's template the conflict."""
        return {**super().get_context(), "conflict": self.conflict}  # type: ignore[misc]


def _last_change(row: models.Model) -> tuple[str, Any]:
    from wagtail.log_actions import registry

    entry = registry.get_logs_for_instance(row).select_related("user").order_by("-timestamp").first()
    return (str(entry.user) if entry.user else "", entry.timestamp) if entry else ("", None)


def shown(field: forms.Field, value: Any) -> str:
    """A value in the words the form itself uses for it."""
    if value in (None, "", [], ()):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(map(str, value)))
    if isinstance(field, forms.ModelChoiceField):
        found = value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first()
        return str(found) if found is not None else ""
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(label) for key, label in _flat(field.choices)}
        values = value if isinstance(value, (list, tuple)) else [value]
        return ", ".join(words.get(str(one), str(one)) for one in values)
    if isinstance(value, date):
        return formats.localize(value)
    return str(value).strip().replace("\r\n", "\n")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat.extend(label if isinstance(label, (list, tuple)) else [(key, label)])
    return flat
