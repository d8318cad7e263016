"""Panels of the editor that Wagtail does not bring."""

from typing import Any

from wagtail.admin.panels import Panel


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
