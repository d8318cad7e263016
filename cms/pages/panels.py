"""Panels of the editor that Wagtail does not bring."""

from typing import Any

from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.panels import Panel
from wagtail.admin.widgets import AdminAutoHeightTextInput

from engagements.records.fields import GuardedTextField, NamelessTextField

# Wagtail's own box that grows with its text, which it gives to Django's field alone.
for field in (GuardedTextField, NamelessTextField):
    register_form_field_override(field, override={"widget": AdminAutoHeightTextInput})


class UncertainPanel(Panel):
    """What the import of a letter was uncertain of, listed above the form until someone has looked it through."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "pages/admin/uncertain_panel.html"

        def is_shown(self) -> bool:
            """Only where there is something to look at."""
            return bool(self.instance.uncertain) and not self.instance.looked_through

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            """Give the template the reasons."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["reasons"] = self.instance.uncertain_reasons()
            return context
