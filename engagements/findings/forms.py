"""Forms of this room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalModelForm, VersionedForm
from engagements.programme.models import Engagement
from engagements.requirements.models import Requirement
from engagements.reviews.models import Review

from .models import Finding, Recommendation, Report


class FindingForm(VersionedForm, PortalModelForm):
    """A strength or weakness in the consultant's own words."""

    class Meta:
        model = Finding
        fields = [
            "polarity",
            "severity",
            "theme",
            "competence",
            "requirement",
            "review",
            "title",
            "text",
            "example",
            "cause",
            "report_kind",
        ]
        widgets = {"polarity": forms.RadioSelect, "competence": forms.RadioSelect}
        help_texts = {
            "severity": _(
                "Only for a weakness. Critical: children may lack help or protection that the law gives them."
            ),
            "requirement": _("The report shows its legal basis beside the finding."),
            "review": _("The counts shown with the finding come from here."),
            "text": _("Say what the files show, with counts."),
            "example": _("No names, places, dates or other facts by which a child could be recognised."),
            "cause": _("What you see as the reason: procedures, resources, leadership, tools."),
        }

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.engagement = engagement
        for name in ("polarity", "competence"):
            self.fields[name].choices = self.fields[name].choices[-2:]  # type: ignore[attr-defined]
        self.fields["severity"].choices = [  # type: ignore[attr-defined]
            ("", _("– a strength has none –")),
            *Finding.Severity.choices,
        ]
        self.fields["requirement"].queryset = Requirement.objects.all()  # type: ignore[attr-defined]
        self.fields["review"].queryset = engagement.reviews.filter(state=Review.State.CLOSED)  # type: ignore[attr-defined]
        for name, rows in (("text", 6), ("example", 4), ("cause", 4)):
            self.fields[name].widget.attrs["rows"] = rows

    def clean(self) -> dict[str, Any]:
        """A weakness needs a severity; what stands there for a strength falls away."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("polarity") == Finding.Polarity.STRENGTH:
            cleaned["severity"] = ""
        elif cleaned.get("polarity") == Finding.Polarity.WEAKNESS and not cleaned.get("severity"):
            self.add_error("severity", _("Choose how serious the weakness is."))
        return cleaned


class RecommendationForm(VersionedForm, PortalModelForm):
    """What the municipality is recommended to do, and because of what."""

    class Meta:
        model = Recommendation
        fields = ["findings", "kind", "competence", "title", "text", "report_kind"]
        widgets = {
            "findings": forms.CheckboxSelectMultiple,
            "kind": forms.RadioSelect,
            "competence": forms.RadioSelect,
        }
        help_texts = {
            "findings": _("A recommendation builds on one or more findings."),
            "title": _("One sentence that begins with a verb."),
            "text": _("How, by whom, and how one sees that it is done."),
        }

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.engagement = engagement
        for name, count in (("kind", 3), ("competence", 2)):
            self.fields[name].choices = self.fields[name].choices[-count:]  # type: ignore[attr-defined]
        findings = Finding.objects.filter(engagement=engagement)
        self.fields["findings"].queryset = findings  # type: ignore[attr-defined]
        self.fields["findings"].error_messages["required"] = _("Choose at least one finding.")
        self.fields["text"].widget.attrs["rows"] = 8


class ReportForm(VersionedForm, PortalModelForm):
    """The texts that only people can write."""

    class Meta:
        model = Report
        fields = ["summary", "background", "conclusion"]
        help_texts = {
            "summary": _("Half a page: what the council should know, strengths first. Blank lines begin paragraphs."),
            "background": _(
                "Why the engagement was begun and what you read and whom you spoke to. The method itself is told by the report."
            ),
            "conclusion": _("What the municipality should take up first, and what happens next."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("summary", 12), ("background", 10), ("conclusion", 8)):
            self.fields[name].widget.attrs["rows"] = rows
