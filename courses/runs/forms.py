"""Forms of the room: one topic each; rows of sessions, teachers and questions work without JavaScript."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BaseModelFormSet, modelformset_factory
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import Course, Shown
from courses.catalogue.permissions import administers
from engagements.design.forms import DateField, PortalForm, PortalModelForm, VersionedForm
from engagements.records.fields import refuse_cpr
from engagements.records.forms import UploadField
from engagements.users.models import User

from .models import MOST_SEATS, Kind, Question, Run, Session, Teacher
from .services import SessionPlan, refuse_overlaps

MOST_ROWS = 60
LINK_HINT = _("Shown only to those who have a seat.")


def courses_for(user: Any) -> Any:
    """The courses that may get a run."""
    return Course.objects.visible_to(user).exclude(state=Shown.RETIRED)


def as_sentences(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, str]]:
    """Choices that begin with a capital letter, as they stand beside a button and not within a sentence."""
    return [(value, capfirst(str(label))) for value, label in choices]


class NewRunForm(PortalForm):
    """What the run is, and its first session; everything else has its own page afterwards."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=lambda: as_sentences(Kind.choices), widget=forms.RadioSelect, initial=Kind.COURSE
    )
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.none(),
        required=False,
        empty_label=_("No course"),
        help_text=_("A theme day or a network meeting need not belong to a course."),
    )
    own_title = forms.CharField(
        label=_("Title"), max_length=120, required=False, help_text=_("Empty: the title of the course.")
    )
    starts_at = forms.DateTimeField(label=_("The first session begins"))
    ends_at = forms.DateTimeField(label=_("The first session ends"))
    place = forms.CharField(label=_("Place"), max_length=160, required=False)
    online_link = forms.URLField(label=_("Online link"), max_length=400, required=False, help_text=LINK_HINT)
    capacity = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS, initial=20)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_for(user)  # type: ignore[attr-defined]
        if not administers(user):
            self.fields["kind"].choices = as_sentences([(Kind.MEETING.value, Kind.MEETING.label)])  # type: ignore[attr-defined]
            self.fields["kind"].initial = Kind.MEETING

    def clean(self) -> Any:
        """A course run has a course, the others a title; the session ends after it begins, and lies ahead."""
        cleaned = super().clean() or self.cleaned_data
        course, title = cleaned.get("course"), cleaned.get("own_title", "").strip()
        if cleaned.get("kind") == Kind.COURSE and course is None and "course" not in self.errors:
            self.add_error("course", forms.ValidationError(_("Choose the course.")))
        elif course is None and not title and "course" not in self.errors:
            self.add_error("own_title", forms.ValidationError(_("Write a title.")))
        begins, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", forms.ValidationError(_("The session must end after it begins.")))
        if begins and begins <= timezone.now():
            self.add_error("starts_at", forms.ValidationError(_("Choose a date ahead.")))
        return cleaned


class FactsForm(VersionedForm, PortalModelForm):
    """What the run is about."""

    class Meta:
        model = Run
        fields = ["course", "own_title", "description", "contact"]
        help_texts = {"contact": _("An address that participants can write to.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = courses_for(user) | Course.objects.filter(pk=self.instance.course_id)  # type: ignore[attr-defined]
        if self.instance.kind == Kind.COURSE:
            self.fields["course"].required = True
            self.fields["course"].empty_label = None  # type: ignore[attr-defined]

    def clean(self) -> Any:
        """Without a course there is a title."""
        cleaned = super().clean()
        untitled = not self.cleaned_data.get("own_title", "").strip()
        if untitled and self.cleaned_data.get("course") is None and not self.errors:
            self.add_error("own_title", forms.ValidationError(_("Write a title.")))
        return cleaned


class TermsForm(VersionedForm, PortalModelForm):
    """Who may enrol, and when."""

    class Meta:
        model = Run
        fields = ["audience", "members_only", "opens_at", "closes_at", "cancel_until"]
        widgets = {"audience": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = as_sentences(Run.Audience.choices)  # type: ignore[attr-defined]

    def clean(self) -> Any:
        """Enrolment closes after it opens and before the run is over; cancelling ends no later than the run."""
        cleaned = super().clean()
        dates = self.cleaned_data
        opens, closes, cancel = dates.get("opens_at"), dates.get("closes_at"), dates.get("cancel_until")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", forms.ValidationError(_("Enrolment must close after it opens.")))
        elif closes and closes > self.instance.ends_at:
            self.add_error("closes_at", forms.ValidationError(_("Enrolment must close before the run is over.")))
        if cancel and cancel > self.instance.ends_at:
            self.add_error("cancel_until", forms.ValidationError(_("Choose a time before the run is over.")))
        return cleaned


class CertificateForm(VersionedForm, PortalModelForm):
    """Who gets a certificate."""

    class Meta:
        model = Run
        fields = ["certificate_rule", "certificate_sessions"]
        widgets = {"certificate_rule": forms.RadioSelect}
        help_texts = {"certificate_sessions": _("Only where a number of sessions is enough.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["certificate_rule"].choices = as_sentences(Run.CertificateRule.choices)  # type: ignore[attr-defined]

    def clean(self) -> Any:
        """A number where the rule needs one, and no more sessions than there are."""
        cleaned = super().clean()
        number, rule = self.cleaned_data.get("certificate_sessions"), self.cleaned_data.get("certificate_rule")
        if rule == Run.CertificateRule.AT_LEAST and "certificate_sessions" not in self.errors:
            total = self.instance.sessions.count()
            if not number:
                text = _("Write how many sessions are needed for the certificate.")
                self.add_error("certificate_sessions", forms.ValidationError(text))
            elif number > total:
                self.add_error(
                    "certificate_sessions",
                    forms.ValidationError(_("The run has only %(n)s sessions."), params={"n": total}),
                )
        elif rule:
            self.cleaned_data["certificate_sessions"] = None
        return cleaned


class Rows(BaseModelFormSet):
    """Rows of a run that are changed together; a tick removes one, an empty one at the end adds one."""

    remove_label: Any = _("Remove")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.extra = 0 if self.queryset is not None and len(self.queryset) else 1

    def add_fields(self, form: Any, index: Any) -> None:
        """Say in words what the tick removes; a row that does not exist yet is left empty instead."""
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = self.remove_label
            if not form.instance.pk:
                del form.fields["DELETE"]

    def clean(self) -> None:
        """A row that is posted as known is one of this run's."""
        super().clean()
        if any(form.instance.pk is None for form in self.initial_forms):
            raise forms.ValidationError(
                _("One of the rows is no longer there. Open the page again, and make the change.")
            )

    def kept(self) -> list[Any]:
        """The rows as they should be, in the order shown, without those ticked and those left empty."""
        gone = self.deleted_forms
        return [form.instance for form in self.forms if form not in gone and (form.instance.pk or form.has_changed())]

    @property
    def with_one_more(self) -> "Rows":
        """The same rows as typed, and an empty one."""
        posted = self.data.copy()
        name = self.management_form.add_prefix("TOTAL_FORMS")
        posted[name] = str(min(self.total_form_count() + 1, MOST_ROWS))
        return type(self)(posted, queryset=self.queryset, prefix=self.prefix, form_kwargs=self.form_kwargs)


class SessionForm(PortalModelForm):
    """When and where."""

    class Meta:
        model = Session
        fields = ["title", "starts_at", "ends_at", "place", "address", "online_link"]
        help_texts = {"online_link": LINK_HINT}

    def clean(self) -> Any:
        """It ends after it begins."""
        cleaned = super().clean()
        begins, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", forms.ValidationError(_("The session must end after it begins.")))
        return cleaned


class SessionRows(Rows):
    """The sessions of a run; no two at the same time."""

    remove_label = _("Remove this session")

    def clean(self) -> None:
        """Refuse two at the same time."""
        super().clean()
        if not any(form.errors for form in self.forms):
            refuse_overlaps(SessionPlan.of(session) for session in self.kept())


class TeacherForm(PortalModelForm):
    """Who teaches; with an account here the person may note attendance."""

    email = forms.EmailField(
        label=_("E-mail of the teacher's account"),
        required=False,
        help_text=_("If the teacher has an account here: then the teacher sees the participants and notes attendance."),
    )

    class Meta:
        model = Teacher
        fields = ["name", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.user_id:
            self.fields["email"].initial = self.instance.user.email

    def clean_email(self) -> str:
        """The address of somebody with an account."""
        email: str = self.cleaned_data["email"]
        self.instance.user = User.objects.filter(email__iexact=email, is_active=True).first() if email else None
        if email and self.instance.user is None:
            raise forms.ValidationError(_("Nobody with this address has an account here."))
        return email


class TeacherRows(Rows):
    """The teachers of a run."""

    remove_label = _("Remove this teacher")


class QuestionForm(PortalModelForm):
    """What participants are asked."""

    class Meta:
        model = Question
        fields = ["text", "answered", "choices", "required"]

    def clean(self) -> Any:
        """A choice between at least two."""
        cleaned = super().clean()
        if self.cleaned_data.get("answered") == Question.Answered.CHOICE:
            lines = [line for line in self.cleaned_data.get("choices", "").splitlines() if line.strip()]
            if len(lines) < 2 and "choices" not in self.errors:
                self.add_error("choices", forms.ValidationError(_("Write at least two choices, one a line.")))
        return cleaned


class QuestionRows(Rows):
    """The questions of a run."""

    remove_label = _("Remove this question")


def _rows(model: Any, form: Any, rows: type[Rows]) -> Any:
    return modelformset_factory(
        model,
        form=form,
        formset=rows,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


SessionFormSet = _rows(Session, SessionForm, SessionRows)
TeacherFormSet = _rows(Teacher, TeacherForm, TeacherRows)
QuestionFormSet = _rows(Question, QuestionForm, QuestionRows)


class MaterialForm(PortalForm):
    """A file or a link for those with a seat."""

    title = forms.CharField(label=_("Title"), max_length=160, validators=[refuse_cpr])
    file = UploadField(label=_("File"), required=False)
    link = forms.URLField(label=_("Link"), max_length=400, required=False)
    session = forms.ModelChoiceField(
        label=_("Session"), queryset=Session.objects.none(), required=False, empty_label=_("The whole run")
    )

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["session"]
        choice.queryset = run.sessions.all()
        choice.label_from_instance = session_label

    def clean(self) -> Any:
        """One of the two."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not cleaned.get("link") and not self.errors:
            raise forms.ValidationError(_("Choose a file or write a link."))
        return cleaned


def session_label(session: Session) -> str:
    """`22. november 2026 – Opstart`: what tells the sessions of a run apart."""
    day = date_format(timezone.localtime(session.starts_at))
    return f"{day} – {session.title}" if session.title else day


class CloneForm(PortalForm):
    """The first day of the copy."""

    starts_on = DateField(label=_("First day of the new run"))
    with_material = forms.BooleanField(label=_("Take the material along"), required=False, initial=True)

    def clean_starts_on(self) -> Any:
        """A day ahead."""
        day = self.cleaned_data["starts_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a date ahead."))
        return day
