"""Forms in the design of the house: DKFDS classes, named errors, native date fields, guarded free text.

`PortalForm` and `PortalModelForm` are the bases; `{{ form }}` renders every field, `{{ form.x.as_field_group }}` one.
base.html shows the error summary of the context's `form` by itself.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy

from .versions import VersionedForm

__all__ = ["DateField", "FilterForm", "PortalForm", "PortalModelForm", "VersionedForm", "refuse_free_text"]

REQUIRED = gettext_lazy("Fill in “%(label)s”.")
TICK = gettext_lazy("Tick “%(label)s”.")
CHOOSE = gettext_lazy("Choose an answer to “%(label)s”.")
FAR_OFF = gettext_lazy("Write a year between %(first)s and %(last)s.")
YEARS = (1900, 2100)
"""What a date typed here may lie between: plans are counted on from it, and a slip of the keyboard is no date."""


class PortalBoundField(forms.BoundField):
    """A field with DKFDS classes; Django itself adds aria-invalid and aria-describedby, and the ids they name."""

    @cached_property
    def kind(self) -> str:
        """Which markup the field needs."""
        widget = self.field.widget
        kinds: list[tuple[type[forms.Widget], str]] = [
            (forms.CheckboxSelectMultiple, "checkbox"),  # before RadioSelect, whose subclass it is
            (forms.RadioSelect, "radio"),
            (forms.CheckboxInput, "single"),
            (forms.MultiWidget, "multi"),
            (forms.FileInput, "file"),
            (forms.Select, "select"),
            (forms.Textarea, "textarea"),
        ]
        return next((kind for cls, kind in kinds if isinstance(widget, cls)), "input")

    @property
    def limit(self) -> int | None:
        """The number of characters shown as a counter under a text area."""
        found: int | None = getattr(self.field, "max_length", None)
        return found if self.kind == "textarea" else None

    @property
    def optional(self) -> bool:
        """Whether the label says that the field may be left empty."""
        return not self.field.required and getattr(self.form, "marks_optional", True) and self.kind != "single"

    @property
    def first_id(self) -> str:
        """The id that a link in the error summary leads to."""
        return f"{self.auto_id}_0" if self.kind in ("radio", "checkbox", "multi") else self.auto_id

    @property
    def named_errors(self) -> list[str]:
        """The messages, each naming the field."""
        label = str(self.label)
        return [text if label.lower() in text.lower() else f"{label}: {text}" for text in map(str, self.errors)]

    def css_classes(self, extra_classes: Any = None) -> str:
        """The classes of the field's group."""
        own = ["form-group"]
        if self.errors:
            own.append("form-error")
        if self.limit:
            own.append("form-limit")
        extra = super().css_classes(extra_classes)
        return " ".join([*own, extra]).strip()

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """Add the DKFDS class to Django's attributes."""
        built = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if shown.is_hidden:
            return built
        name = {
            "radio": "form-radio",
            "checkbox": "form-checkbox",
            "single": "form-checkbox",
            "select": "form-select",
            "file": "",
        }.get(self.kind, "form-input")
        classes = " ".join(part for part in (name, shown.attrs.get("class", "")) if part)
        if classes:
            built["class"] = classes
        return built


class PortalRenderer(TemplatesSetting):
    """Our own forms only; the CMS keeps Django's renderer."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField


class _Native(forms.widgets.DateTimeBaseInput):
    """A field the browser draws; what was typed elsewhere and is no date stays to be read and corrected as text."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Fall back to a text field when the browser would drop the value."""
        context = super().get_context(name, value, attrs)
        kept = context["widget"]["value"]
        if kept:
            try:
                datetime.strptime(kept, str(self.format))  # noqa: DTZ007
            except ValueError:
                context["widget"]["type"] = "text"
        return context


class DateInput(_Native, forms.DateInput):
    """The browser's own date field: a calendar, the keyboard, and the reader's own order of day and month."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-width-s", **(attrs or {})}, format="%Y-%m-%d")


class DateTimeInput(_Native, forms.DateTimeInput):
    """The browser's own field for date and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "input-width-m", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class DateField(forms.DateField):
    """A date; understands `2026-11-22` and `22.11.2026`."""

    widget = DateInput
    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y"]


class DressedForm(forms.BaseForm):
    """What both base forms share: the renderer, and fields that speak plainly."""

    default_renderer = PortalRenderer
    marks_optional = True
    use_required_attribute = False  # the error summary answers, in the language of the page
    guards_free_text = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            self._dress(name, field)

    def _dress(self, name: str, field: forms.Field) -> None:
        if type(field.widget) is forms.DateInput:
            field.widget = _in_place_of(field.widget, DateInput())
            field.input_formats = DateField.input_formats  # type: ignore[attr-defined]
        elif type(field.widget) is forms.DateTimeInput:
            field.widget = _in_place_of(field.widget, DateTimeInput())
        if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":  # Django's own default
            field.widget.attrs["rows"] = "5"
        if isinstance(field, (forms.DateField, forms.DateTimeField)):
            field.validators.append(_in_our_time)
        # A browser would cut pasted text at the limit without a word; the counter and the message say it instead.
        field.widget.attrs.pop("maxlength", None)
        if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
            label = field.label or name.replace("_", " ").capitalize()
            field.error_messages["required"] = _required_text(field) % {"label": label}

    def full_clean(self) -> None:
        """Clean with every text guarded, also in fields a subclass added after it was made."""
        if self.guards_free_text:
            for name, field in self.fields.items():
                if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                    _guard(field, field.label or name.replace("_", " "))
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                _refuse_endless_numbers(field)
        super().full_clean()


def _guard(field: forms.Field, label: Any) -> None:
    check = import_string(settings.FREE_TEXT_GUARD)
    if not any(getattr(validator, "func", None) is check for validator in field.validators):
        field.validators.append(partial(check, label=label))


def _refuse_endless_numbers(field: forms.ModelChoiceField) -> None:
    """Make a number too long for the database a wrong choice like any other; SQLite alone answers with OverflowError."""
    ask = type(field).clean

    def clean(value: Any) -> Any:
        try:
            return ask(field, value)
        except OverflowError:
            wrong = forms.ModelChoiceField.default_error_messages["invalid_choice"]
            raise forms.ValidationError(wrong, code="invalid_choice", params={"value": value})

    field.clean = clean  # type: ignore[method-assign]


def _in_our_time(day: date) -> None:
    first, last = YEARS
    if not first <= day.year <= last:
        raise forms.ValidationError(FAR_OFF, code="far_off", params={"first": first, "last": last})


def _required_text(field: forms.Field) -> Any:
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        return CHOOSE
    return TICK if isinstance(field, forms.BooleanField) else REQUIRED


def _in_place_of[W: forms.Widget](old: forms.Widget, new: W) -> W:
    new.attrs.update(old.attrs)
    new.is_required = old.is_required
    new.is_localized = old.is_localized
    return new


class PortalForm(DressedForm, forms.Form):
    """The base of every plain form."""


class PortalModelForm(DressedForm, forms.ModelForm):
    """The base of every model form."""


class FilterForm(DressedForm, forms.Form):
    """The form above a list: nothing in it is required, and nothing typed into it is kept."""

    marks_optional = False
    guards_free_text = False


def refuse_free_text(text: str, label: Any) -> None:
    """Raise ValidationError, naming the field, if `text` holds what free text may not hold (a CPR number)."""
    import_string(settings.FREE_TEXT_GUARD)(text, label)
