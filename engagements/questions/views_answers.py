"""The answers for all: the searchable base, an answer, whether it was useful; its validity and moves for lawyers."""

import time
from hashlib import sha256
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import DetailView, View

from engagements.design.lists import Column, ListPage
from engagements.design.moves import MoveView

from . import forms, permissions, services
from .filters import AnswerFilter
from .models import AnswerState, PublishedAnswer
from .views import askers
from .views_writing import QuestionForm

SAID = "answers-judged"
AN_HOUR = 3600
OPINIONS_AN_HOUR = 30
"""So many opinions one address may give without an account within an hour; an office shares one address."""


class AnswerList(ListPage):
    """Everything that is answered and published, searched by words."""

    heading = gettext_lazy("Answers to questions on rules")
    intro = gettext_lazy(
        "Questions that municipalities have asked about the rules on children and young people, with the Task Force's "
        "answers. Nobody can see who asked."
    )
    template_name = "questions/answers.html"
    filterset_class = AnswerFilter
    default_sort = ("-published_at", "-pk")
    empty_title = gettext_lazy("No answers yet")
    empty_text = gettext_lazy("Answers are published here when they can be of use to others.")
    columns = [
        Column("published_at", pgettext_lazy("answer", "Published"), sort="published_at"),
        Column("published_title", gettext_lazy("Question"), sort="published_title", link=True),
        Column("topic", gettext_lazy("Topic"), sort="topic"),
        Column("law", gettext_lazy("Law"), sort="law"),
        Column("valid_until", gettext_lazy("The rules hold until"), sort="valid_until"),
    ]
    counted = (
        Column("useful", gettext_lazy("Useful"), numeric=True),
        Column("not_useful", gettext_lazy("Not useful"), numeric=True),
    )

    def get_columns(self) -> Any:
        """Those who answer also get the counts."""
        return [*self.columns, *(self.counted if permissions.answers_questions(self.request.user) else ())]

    def get_queryset(self) -> QuerySet[PublishedAnswer]:
        """The published ones."""
        rows = PublishedAnswer.objects.published()
        if permissions.answers_questions(self.request.user):
            rows = rows.annotate(
                useful=Count("opinions", filter=Q(opinions__useful=True)),
                not_useful=Count("opinions", filter=Q(opinions__useful=False)),
            )
        return rows

    def get_actions(self) -> list[tuple[Any, str]]:
        """Ask, for those who may."""
        if askers(self.request.user).exists():
            return [(_("Ask a question"), reverse("questions:ask"))]
        return []

    def get_extra_context(self) -> dict[str, Any]:
        """The answers of the page, and whether counts are shown."""
        counts = permissions.answers_questions(self.request.user)
        return {"answers": list(self.object_list), "counts": counts}


class AnswerPage(DetailView):
    """An answer with its legal basis and how long it holds; drafts for those who answer."""

    template_name = "questions/answer.html"
    context_object_name = "answer"

    def get_queryset(self) -> QuerySet[PublishedAnswer]:
        """Those this reader may see."""
        return PublishedAnswer.objects.visible_to(self.request.user).select_related("question__municipality")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The answer; a draft sends the anonymous to sign-in, a withdrawn one says so."""
        if not request.user.is_authenticated and self._is_draft():
            return HttpResponseRedirect(f"{reverse('account_login')}?next={request.path}")
        self.object = self.get_object()
        handles = self._handles()
        if self.object.state == AnswerState.WITHDRAWN and not handles:
            return render(request, "questions/answer_withdrawn.html", status=410)
        return self.render_to_response(self.get_context_data(object=self.object))

    def _is_draft(self) -> bool:
        return PublishedAnswer.objects.filter(pk=self.kwargs["pk"], state=AnswerState.DRAFT).exists()

    def _handles(self) -> bool:
        return permissions.may_handle_answer(self.object, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The answer, whether the reader has judged it, and for lawyers the counts and what they may do."""
        context = super().get_context_data(**kwargs)
        answer, user = self.object, self.request.user
        handles = self._handles()
        if user.is_authenticated:
            own = answer.opinions.filter(user=user).values_list("useful", flat=True).first()
        else:
            own = True if answer.pk in self.request.session.get(SAID, []) else None
        if handles:
            context["counts"] = answer.opinions.aggregate(
                yes=Count("pk", filter=Q(useful=True)), no=Count("pk", filter=Q(useful=False))
            )
        return context | {
            "basis": answer.bases(),
            "handles": handles,
            "public": answer.state == AnswerState.PUBLISHED,
            "judged": own is not None,
            "may_rewrite": handles and permissions.may_rewrite(answer.question, user),
            "may_ask": askers(user).exists(),
            "own_draft": answer.state == AnswerState.DRAFT and handles and not permissions.may_publish(answer, user),
        }


class Useful(View):
    """`POST useful=yes|no`: once a person; without an account once a session, and only so often from one address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it and say thank you."""
        answer = get_object_or_404(PublishedAnswer.objects.published(), pk=pk)
        wanted = {"yes": True, "no": False}.get(request.POST.get("useful", ""))
        if wanted is None:
            raise Http404
        if request.user.is_authenticated:
            services.say_useful(answer, useful=wanted, user=request.user)  # type: ignore[arg-type]
        elif not self._say_anonymously(request, answer, useful=wanted):
            return render(request, "429.html", status=429)
        messages.success(request, _("Thank you. Your answer helps us write better."))
        return HttpResponseRedirect(answer.get_absolute_url())

    def _say_anonymously(self, request: HttpRequest, answer: PublishedAnswer, *, useful: bool) -> bool:
        said = request.session.get(SAID, [])
        if answer.pk in said:
            return True
        if not _may_say(request):
            return False
        services.say_useful(answer, useful=useful)
        request.session[SAID] = [*said, answer.pk]
        return True


def _may_say(request: HttpRequest) -> bool:
    """Count this one; False when the address has said much within the hour."""
    client = sha256(str(get_adapter(request).get_client_ip(request)).encode()).hexdigest()
    key = f"questions:useful:{client}:{int(time.time()) // AN_HOUR}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) <= OPINIONS_AN_HOUR
    except ValueError:  # the hour has just ended
        return True


class Validity(LoginRequiredMixin, QuestionForm):
    """Until when the rules hold that an answer rests on."""

    form_class = forms.ValidityForm
    heading = gettext_lazy("Change how long the answer holds")
    intro = gettext_lazy(
        "An answer whose rules have ended stays public, marked as resting on rules that no longer apply."
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """For those who answer."""
        if request.user.is_authenticated:
            rows = PublishedAnswer.objects.visible_to(request.user).select_related("question__municipality")
            self.answer = get_object_or_404(rows, pk=kwargs["pk"])
            if not permissions.may_handle_answer(self.answer, request.user):
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """As it is."""
        return super().get_form_kwargs() | {"instance": self.answer}

    def act(self, form: Any) -> None:
        """Save it."""
        said = {name: form.cleaned_data[name] for name in ("valid_from", "valid_until")}
        stored = PublishedAnswer.objects.get(pk=self.answer.pk)
        lawyer: Any = self.request.user
        services.set_validity(stored, version=form.expected_version or 0, by=lawyer, **said)

    def get_success_url(self) -> str:
        """The answer."""
        return self.answer.get_absolute_url()


class AnswerMove(MoveView):
    """Publish, withdraw, rewrite again."""

    def get_queryset(self) -> QuerySet[PublishedAnswer]:
        """Those the person may see."""
        return PublishedAnswer.objects.visible_to(self.request.user).select_related("question__municipality")
