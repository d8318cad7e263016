"""Forms of the room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.design.forms import PortalForm, PortalModelForm, VersionedForm
from engagements.records.forms import UploadField

from .models import Course, LearningPath, Shown

TEXTS = ["title_da", "title_en", "summary_da", "summary_en"]
ADDRESS_HELP = _("The last part of the address, in small letters with hyphens; links to the course use it.")


class CourseForm(VersionedForm, PortalModelForm):
    """The plain facts of a course; its page in the CMS has the text and pictures."""

    class Meta:
        model = Course
        fields = [*TEXTS, "slug", "subject", "level", "hours", "aims", "audience"]
        help_texts = {
            "slug": ADDRESS_HELP,
            "summary_da": _("Two or three sentences for the catalogue."),
            "audience": _("Who gets most from the course, and what they should know before."),
        }


class PathForm(VersionedForm, PortalModelForm):
    """A learning path; its courses are the rows below."""

    class Meta:
        model = LearningPath
        fields = [*TEXTS, "slug", "ordered", "needed"]
        help_texts = {"slug": ADDRESS_HELP, "summary_da": _("Two or three sentences for the catalogue.")}


class StepForm(PortalForm):
    """A course on the path; a row without a course is left out."""

    marks_optional = False
    course = forms.ModelChoiceField(
        Course.objects.exclude(state=Shown.RETIRED), label=_("Course"), required=False, empty_label=_("No course")
    )
    order = forms.IntegerField(label=_("Order"), required=False, min_value=1, max_value=99)
    required = forms.BooleanField(label=_("Required"), required=False)


class BaseStepFormSet(forms.BaseFormSet):
    """The courses of a path, in the order of their numbers."""

    def steps(self) -> list[tuple[Course, bool]]:
        """Each course with whether it is required; rows without a number come last, as they stand."""
        rows = [(form.cleaned_data, place) for place, form in enumerate(self.forms)]
        chosen = [(row, place) for row, place in rows if row.get("course")]
        chosen.sort(key=lambda item: (item[0].get("order") or 100, item[1]))
        return [(row["course"], bool(row.get("required"))) for row, _place in chosen]

    def clean(self) -> None:
        """At least one course, and none twice."""
        if any(self.errors):
            return
        courses = [course for course, _required in self.steps()]
        if not courses:
            raise forms.ValidationError(_("Choose at least one course."))
        for form in self.forms:
            course = form.cleaned_data.get("course")
            if course and courses.count(course) > 1:
                form.add_error("course", forms.ValidationError(_("The course is already on the path.")))


class MaterialForm(PortalForm):
    """A file or a link for participants."""

    title = forms.CharField(label=_("Title"), max_length=160)
    file = UploadField(label=_("File"), required=False)
    link = forms.URLField(
        label=_("or link"), required=False, max_length=400, assume_scheme="https", help_text=_("Begins with https://.")
    )

    def clean(self) -> Any:
        """One of the two."""
        cleaned = super().clean()
        given = self.cleaned_data
        if not self.errors and not given.get("file") and not given.get("link"):
            self.add_error("file", forms.ValidationError(_("Choose a file or write a link.")))
        return cleaned


StepFormSet = forms.formset_factory(StepForm, formset=BaseStepFormSet, extra=3, max_num=40, absolute_max=60)
