"""Forms that editors build: short questions to those who visit, answered without sign-in, never about a child."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.forms.forms import BaseForm, FormBuilder, WagtailAdminFormPageForm
from wagtail.contrib.forms.models import AbstractFormField, FormMixin, FormSubmission
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.models import Page

from engagements.design.forms import DressedForm
from engagements.notices.services import send_mail_to
from engagements.records.fields import GuardedCharField, GuardedTextField

from .forms_pages import ContentPageForm
from .models import ContentPage

MOST_FIELDS = 20
LONGEST = 4000
MOST_AN_HOUR = 10
"""Submissions taken from one address on the net."""
TRAP = "homepage_address"
"""A field no person sees; only a program fills it in."""


class SubmissionForm(DressedForm, BaseForm):
    """The form as visitors meet it, in the design of the house and with every text guarded."""

    def add_trap(self) -> None:
        """The field no person sees."""
        self.fields[TRAP] = forms.CharField(required=False, max_length=200, label=_("Leave this field empty"))

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.cleaned_data.get(TRAP))

    def answers(self) -> dict[str, Any]:
        """What was asked for, without the trap."""
        return {name: value for name, value in self.cleaned_data.items() if name != TRAP}


class Builder(FormBuilder):
    """Builds our own forms, and lets no answer be endless."""

    def create_multiline_field(self, field: Any, options: dict[str, Any]) -> forms.Field:
        """A text area with a limit."""
        return forms.CharField(**{"widget": forms.Textarea, "max_length": LONGEST, **options})

    def get_form_class(self) -> type[SubmissionForm]:
        """The class of this page's form."""
        return type("PageForm", (SubmissionForm,), self.formfields)


class FormPageForm(ContentPageForm, WagtailAdminFormPageForm):
    """The editor's form: both guards, and a limit on the number of questions."""

    def clean(self) -> dict[str, Any]:
        """At most so many questions."""
        cleaned = super().clean()
        asked = [form for form in self.formsets["form_fields"].forms if not form.cleaned_data.get("DELETE")]
        if len(asked) > MOST_FIELDS:
            self.add_error(None, ValidationError(_("A form has at most %(most)s questions.") % {"most": MOST_FIELDS}))
        return cleaned


class FormPage(FormMixin, ContentPage):
    """A page with a form; answers are kept for a while and sent to those who deal with them."""

    to_address = models.EmailField(
        gettext_lazy("e-mail to"), blank=True, help_text=gettext_lazy("Gets a mail about every answer.")
    )
    button = GuardedCharField(gettext_lazy("text of the button"), max_length=40, blank=True)
    thanks = GuardedTextField(
        gettext_lazy("receipt"), max_length=600, blank=True, help_text=gettext_lazy("What happens next.")
    )
    kept_days = models.PositiveSmallIntegerField(
        gettext_lazy("days answers are kept"), default=90, help_text=gettext_lazy("Then they are deleted.")
    )

    base_form_class = FormPageForm
    form_builder = Builder
    template = "pages/form_page.html"
    landing_page_template = "pages/form_page_landing.html"
    parent_page_types = ["cms.HomePage", "cms.SectionPage"]
    subpage_types: list[str] = []
    content_panels = [
        FormSubmissionsPanel(),
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("body"),
        InlinePanel("form_fields", label=gettext_lazy("Questions")),
        MultiFieldPanel(
            [
                FieldPanel("button"),
                FieldPanel("thanks"),
                FieldRowPanel([FieldPanel("to_address"), FieldPanel("kept_days")]),
            ],
            heading=gettext_lazy("After an answer"),
        ),
    ]

    class Meta:
        verbose_name = gettext_lazy("form")

    def get_form(self, *args: Any, **kwargs: Any) -> SubmissionForm:
        """The form with its trap."""
        form: SubmissionForm = super().get_form(*args, **kwargs)
        form.add_trap()
        return form

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; take an answer once and go to the receipt."""
        if request.method != "POST":
            if "sendt" in request.GET:
                return self.render_landing_page(request)
            return self._answer(request, self.get_form(page=self, user=request.user), 200)
        form = self.get_form(request.POST, page=self, user=request.user)
        if form.is_valid() and not form.is_trapped:
            if not _may_send(request):
                form.add_error(None, _("You have sent many answers within an hour. Try again later."))
            elif _is_new(self, form):
                self.process_form_submission(form)
        if form.errors:
            return self._answer(request, form, 422)
        return HttpResponseRedirect(f"{self.get_url(request)}?sendt")

    def _answer(self, request: HttpRequest, form: SubmissionForm, status: int) -> HttpResponse:
        context = self.get_context(request) | {"form": form, "trap": TRAP}
        return TemplateResponse(request, self.get_template(request), context, status=status)

    @transaction.atomic
    def process_form_submission(self, form: Any) -> FormSubmission:
        """Keep the answer, and write to those who deal with it."""
        submission: FormSubmission = FormSubmission.objects.create(form_data=form.answers(), page=self)
        if self.to_address:
            send_mail_to(
                self.to_address,
                key=f"form:{submission.pk}",
                subject=_("Answer: %(page)s") % {"page": self.title},
                body=self._as_text(form),
                address=self.get_url() or "",
            )
        return submission

    def _as_text(self, form: Any) -> str:
        lines = []
        for name, value in form.answers().items():
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            lines.append(f"{form.fields[name].label}: {'' if shown is None else shown}")
        return "\n".join(lines)


class FormField(AbstractFormField):
    """A question of a form."""

    page = ParentalKey(FormPage, on_delete=models.CASCADE, related_name="form_fields")
    label = GuardedCharField(gettext_lazy("question"), max_length=255)
    help_text = GuardedCharField(gettext_lazy("help text"), max_length=255, blank=True)
    choices = GuardedTextField(
        gettext_lazy("choices"), blank=True, help_text=gettext_lazy("One on each line, where one chooses.")
    )
    default_value = GuardedTextField(gettext_lazy("default value"), blank=True)


def _may_send(request: HttpRequest) -> bool:
    """Count this one; False when the address on the net has sent many within the hour."""
    key = f"pages:form:{sha256(get_adapter().get_client_ip(request).encode()).hexdigest()}"
    cache.add(key, 0, 3600)
    return cache.incr(key) <= MOST_AN_HOUR


def _is_new(page: FormPage, form: SubmissionForm) -> bool:
    """False for the second press of the button."""
    said = repr((page.pk, sorted((name, str(value)) for name, value in form.answers().items())))
    return cache.add(f"pages:said:{sha256(said.encode()).hexdigest()}", 1, 60)


def forget_old_answers() -> int:
    """Delete answers whose time is over; returns how many."""
    gone = 0
    for page in FormPage.objects.all():
        before = timezone.now() - timedelta(days=page.kept_days)
        gone += FormSubmission.objects.filter(page=page, submit_time__lt=before).delete()[0]
    return gone
