"""The catalogue in the CMS: requirements, and versions that are closed once published except for the confirmation."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, Panel
from wagtail.admin.ui.tables import BooleanColumn, DateColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet

from engagements import lifecycle
from engagements.design.screens import SafeDelete

from . import services
from .models import Requirement, RequirementVersion
from .models_rates import PublishedRate

WORDING = ("law", "paragraph", "deadline_iso", "deadline_text", "clock_starts", "checked", "source_note")


class RequirementViewSet(ModelViewSet):
    """What is asked, whatever the law is called."""

    model = Requirement
    delete_view_class = SafeDelete
    name = "requirement_catalogue"
    icon = "list-ul"
    menu_label = _("Requirements")
    panels = ["code", "theme", "must", "title_da", "title_en", "comparable", "order"]
    list_display = ["code", "title_da", "get_theme_display", BooleanColumn("comparable", label=_("comparable"))]
    list_filter = ["theme", "must", "comparable"]
    list_export = ["code", "theme", "must", "title_da", "title_en", "comparable"]
    search_fields = ["code", "title_da", "title_en"]
    copy_view_enabled = False


class DraftForm(WagtailAdminModelForm):
    """A version's wording, with the choice to publish it."""

    publish = forms.BooleanField(
        label=_("Publish now"),
        required=False,
        help_text=_("A published version can no longer be changed or deleted; a later one takes over from its date."),
    )


class ConfirmationForm(WagtailAdminModelForm):
    """The lawyer's name and the date; leave both empty to take the confirmation back."""

    def clean(self) -> dict[str, Any]:
        """Both or neither, and not a day to come."""
        cleaned: dict[str, Any] = super().clean()
        lawyer, day = cleaned.get("confirmed_by"), cleaned.get("confirmed_on")
        if bool(lawyer) != bool(day) and not self.errors:
            raise ValidationError(_("A confirmation needs both the lawyer's name and the date."))
        if day and day > timezone.localdate():
            self.add_error("confirmed_on", _("The date has not come yet."))
        return cleaned


def _draft_panels() -> list[Panel]:
    return [
        HelpPanel(_("A new version takes over from its first day, once it is published. The versions before it stay.")),
        FieldPanel("requirement"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
        *(FieldPanel(name) for name in WORDING),
        FieldPanel("publish"),
    ]


DRAFT = ObjectList(_draft_panels(), base_form_class=DraftForm).bind_to_model(RequirementVersion)
CLOSED = ObjectList(
    [
        MultiFieldPanel(
            [
                HelpPanel(_("Until a named lawyer has confirmed the wording, it is marked “not legally confirmed”.")),
                FieldPanel("confirmed_by"),
                FieldPanel("confirmed_on"),
            ],
            heading=_("Legal confirmation"),
        ),
        MultiFieldPanel(
            [FieldPanel(name, read_only=True) for name in ("requirement", "valid_from", "valid_until", *WORDING)],
            heading=_("Published – cannot be changed"),
        ),
    ],
    base_form_class=ConfirmationForm,
).bind_to_model(RequirementVersion)


class DraftVersion(CreateView):
    """Make a new version."""

    def save_instance(self) -> RequirementVersion:
        """Keep the draft, and publish it if asked."""
        version: RequirementVersion = self.form.save()
        lifecycle.record(version, "drafted", by=self.request.user)
        if self.form.cleaned_data["publish"]:
            version = services.publish(version, by=self.request.user)
        return version


class EditVersion(EditView):
    """Change a draft; of a published version, only its confirmation."""

    def get_panel(self) -> Panel:
        """What may be changed now."""
        self.object = self.get_object()
        return CLOSED if self.object.is_published else DRAFT

    def get_form_class(self) -> type[forms.ModelForm]:
        """The form of that panel."""
        made: type[forms.ModelForm] = self.panel.get_form_class()
        return made

    def save_instance(self) -> RequirementVersion:
        """Through the services, so that every act is in the log."""
        version, by = self.form.instance, self.request.user
        if isinstance(self.form, ConfirmationForm):
            lawyer, day = self.form.cleaned_data["confirmed_by"], self.form.cleaned_data["confirmed_on"]
            if lawyer:
                return services.confirm(version, lawyer=lawyer, on=day, by=by)
            return services.withdraw_confirmation(version, by=by)
        version = self.form.save()
        return services.publish(version, by=by) if self.form.cleaned_data["publish"] else version


class DeleteVersion(DeleteView):
    """Drafts only."""

    def get_object(self, queryset: Any = None) -> RequirementVersion:
        """The draft; a published version is refused before the question is asked."""
        version: RequirementVersion = super().get_object(queryset)
        if version.is_published:
            raise PermissionDenied
        return version


class VersionViewSet(ModelViewSet):
    """The wordings under each law and period."""

    model = RequirementVersion
    name = "requirement_versions"
    icon = "history"
    menu_label = _("Versions and confirmation")
    panels = _draft_panels()
    base_form_class = DraftForm
    add_view_class = DraftVersion
    edit_view_class = EditVersion
    delete_view_class = DeleteVersion
    list_display = [
        "__str__",
        "get_law_display",
        DateColumn("valid_from", label=_("from")),
        BooleanColumn("is_published", label=_("published")),
        BooleanColumn("is_confirmed", label=_("confirmed")),
    ]
    list_filter = {"requirement": ["exact"], "law": ["exact"], "checked": ["exact"], "published_at": ["isnull"]}
    list_export = ["requirement", "law", "valid_from", "paragraph", "deadline_text", "checked", "confirmed_by"]
    search_fields = ["requirement__code", "requirement__title_da", "paragraph"]
    ordering = ["requirement__order", "valid_from"]
    copy_view_enabled = False

    def get_edit_handler(self) -> Panel:
        """The panels of a draft."""
        return DRAFT


class PublishedRateViewSet(ModelViewSet):
    """Shares that others have published, with the year and the source."""

    model = PublishedRate
    name = "published_rates"
    icon = "globe"
    menu_label = _("Published shares")
    panels = [
        HelpPanel(_("Copy the number as its source prints it. Editors can show it on a page, with the source.")),
        FieldPanel("requirement"),
        FieldRowPanel([FieldPanel("year"), FieldPanel("percent"), FieldPanel("cases")]),
        FieldPanel("source"),
        FieldPanel("address"),
    ]
    list_display = ["requirement", "year", "percent", "cases", "source"]
    list_filter = ["requirement", "year"]
    list_export = ["requirement", "year", "percent", "cases", "source", "address"]
    search_fields = ["requirement__code", "requirement__title_da", "source"]
    ordering = ["requirement__order", "year"]
    copy_view_enabled = False


class Catalogue(ViewSetGroup):
    """The screens of this room in the CMS menu."""

    menu_label = _("Legal requirements")
    menu_icon = "list-ul"
    items = (RequirementViewSet, VersionViewSet, PublishedRateViewSet)


def screens() -> list[ViewSetGroup]:
    """What this room adds to the CMS."""
    return [Catalogue()]
