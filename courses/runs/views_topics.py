"""The pages on which organisers fill in a run, one topic each."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from engagements.design.versions import StaleError
from engagements.lifecycle import MoveRefused
from engagements.records.access import address as file_address

from . import services
from .forms import (
    CertificateForm,
    FactsForm,
    MaterialForm,
    QuestionFormSet,
    Rows,
    SessionFormSet,
    TeacherFormSet,
    TermsForm,
)
from .models import RunState
from .services import SessionPlan
from .tabs import address
from .views import RunFormPage, RunMixin
from .words import DELETED_AFTER_DAYS


class ChangePage(RunFormPage):
    """Some of the run's own fields."""

    form_class: Any

    def make_form(self, *args: Any, **kwargs: Any) -> Any:
        """Filled with what is stored."""
        return self.form_class(*args, instance=self.run)

    def save(self, form: Any) -> str:
        """Change them."""
        fields = {name: form.cleaned_data[name] for name in self.form_class.Meta.fields}
        services.change_run(self.run, version=form.expected_version or 0, by=self.request.user, **fields)  # type: ignore[arg-type]
        return self.overview()


class Facts(ChangePage):
    """What the run is about."""

    active_tab = "runs:facts"
    form_class = FactsForm

    def make_form(self, *args: Any, **kwargs: Any) -> FactsForm:
        """With the courses the user may choose among."""
        return FactsForm(*args, instance=self.run, user=self.request.user)


class Terms(ChangePage):
    """Who may enrol, and when."""

    active_tab = "runs:terms"
    form_class = TermsForm


class CertificateRule(ChangePage):
    """Who gets a certificate."""

    active_tab = "runs:certificate"
    form_class = CertificateForm


class RowsPage(RunMixin, TemplateView, ABC):
    """Rows that are changed together, with a button for one more."""

    template_name = "courses/runs/rows.html"
    intro: Any = ""
    row_name: Any = ""
    more: Any = ""
    done: Any = gettext_lazy("The run is changed.")

    @abstractmethod
    def make_rows(self, *args: Any) -> Rows:
        """The rows, stored or posted."""

    @abstractmethod
    def save(self, rows: Rows) -> None:
        """Make the run have these."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What is stored."""
        return self.show(self.make_rows())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One more row, or save; whatever was typed stays."""
        rows = self.make_rows(request.POST)
        if "more" in request.POST:
            return self.show(rows.with_one_more, added=True)
        status, refused = 200, ""
        if rows.is_valid():
            try:
                self.save(rows)
            except StaleError as stale:
                status, refused = 409, str(stale)
            except (ValidationError, MoveRefused) as error:
                refused = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            else:
                messages.success(request, str(self.done))
                return redirect(reverse("runs:edit", kwargs=self.run.address_args))
        return self.show(rows, refused=refused, status=status)

    def show(self, rows: Rows, *, refused: str = "", added: bool = False, status: int = 200) -> HttpResponse:
        """The rows with what is wrong; nothing is said to be wrong of rows that were not to be saved yet."""
        context = self.get_context_data(
            rows=rows,
            intro=self.intro,
            row_name=self.row_name,
            more=self.more,
            refused=refused,
            quiet=added,
            page_has_errors=not added and (bool(refused) or (rows.is_bound and not rows.is_valid())),
        )
        return self.render_to_response(context, status=status)


class Sessions(RowsPage):
    """When and where; of a published run the dates page changes them, because participants are told."""

    active_tab = "runs:sessions"
    row_name = gettext_lazy("Session")
    more = gettext_lazy("Add a session")
    done = gettext_lazy("The sessions are saved.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The sessions of a draft."""
        elsewhere = address(self.run, "enrolment:dates") if self.run.state == RunState.PUBLISHED else ""
        return redirect(elsewhere) if elsewhere else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save those of a draft; one that was published meanwhile goes to the dates page."""
        elsewhere = address(self.run, "enrolment:dates") if self.run.state == RunState.PUBLISHED else ""
        return redirect(elsewhere) if elsewhere else super().post(request, *args, **kwargs)

    def make_rows(self, *args: Any) -> Rows:
        """The sessions in order."""
        return SessionFormSet(*args, queryset=self.run.sessions.all())

    def save(self, rows: Rows) -> None:
        """Plan them."""
        plans = [SessionPlan.of(session) for session in rows.kept()]
        version = self.request.POST.get("version", "")
        services.plan_sessions(
            self.run,
            plans,
            by=self.request.user,  # type: ignore[arg-type]
            version=int(version) if version.isdecimal() else 0,
        )


class Teachers(RowsPage):
    """Who teaches."""

    active_tab = "runs:teachers"
    row_name = gettext_lazy("Teacher")
    more = gettext_lazy("Add a teacher")
    done = gettext_lazy("The teachers are saved.")

    def make_rows(self, *args: Any) -> Rows:
        """The teachers in order."""
        return TeacherFormSet(*args, queryset=self.run.teachers.select_related("user"))

    def save(self, rows: Rows) -> None:
        """Make these the teachers."""
        services.set_teachers(self.run, rows.kept(), by=self.request.user)  # type: ignore[arg-type]


class Questions(RowsPage):
    """What participants are asked when they enrol."""

    active_tab = "runs:questions"
    intro = format_lazy(
        gettext_lazy(
            "Ask only for what you need, such as diet or access for wheelchairs. Only those who organise the run see "
            "the answers, and they are deleted {days} days after the last session."
        ),
        days=DELETED_AFTER_DAYS,
    )
    row_name = gettext_lazy("Question")
    more = gettext_lazy("Add a question")
    done = gettext_lazy("The questions are saved.")

    def make_rows(self, *args: Any) -> Rows:
        """The questions in order."""
        return QuestionFormSet(*args, queryset=self.run.questions.all())

    def save(self, rows: Rows) -> None:
        """Make these the questions."""
        services.set_questions(self.run, rows.kept(), by=self.request.user)  # type: ignore[arg-type]


class Material(RunFormPage):
    """Files and links for those with a seat."""

    active_tab = "runs:material"
    template_name = "courses/runs/material.html"
    done = gettext_lazy("The material is added.")

    def make_form(self, *args: Any, **kwargs: Any) -> MaterialForm:
        """One more file or link."""
        return MaterialForm(*args, run=self.run)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add, or take away the one whose button was pressed; a second click finds nothing and is quiet."""
        wanted = request.POST.get("remove", "")
        if not wanted:
            return super().post(request, *args, **kwargs)
        if wanted.isdecimal() and len(wanted) < 10:
            item = self.run.material.filter(pk=int(wanted)).first()
            if item is not None:
                services.remove_material(item, by=request.user)  # type: ignore[arg-type]
                messages.success(request, _("“%(title)s” is removed.") % {"title": item.title})
        return redirect(reverse("runs:material", kwargs=self.run.address_args))

    def save(self, form: MaterialForm) -> str:
        """Add it."""
        fields = form.cleaned_data
        services.add_material(
            self.run,
            title=fields["title"],
            by=self.request.user,  # type: ignore[arg-type]
            file=fields["file"],
            link=fields["link"],
            session=fields["session"],
        )
        return reverse("runs:material", kwargs=self.run.address_args)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What there is already, each with its address."""
        items = self.run.material.select_related("session")
        found = [(item, file_address(item) if item.file else item.link) for item in items]
        return super().get_context_data(**kwargs) | {"material": found}
