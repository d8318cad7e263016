"""The account page, and the people of a municipality: invitations, requests, roles."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.generic import FormView, TemplateView
from django.views.generic.edit import UpdateView

from engagements.design.lists import Column, ListPage
from engagements.municipalities.models import Municipality
from engagements.notices.models import Preference
from engagements.notices.services import choose_mail
from engagements.users.models import User

from . import entrance, permissions, services
from .filters import MemberFilter
from .forms import INVITATION, InviteForm, JoinForm, MembershipForm, ProfileForm, SetPasswordForm, open_invitation
from .models import Invitation, Membership


class AccountView(LoginRequiredMixin, UpdateView[User, ProfileForm]):
    """One's own account: name, language, notices, and the way to password, e-mail and second factor."""

    template_name = "people/account.html"
    form_class = ProfileForm

    def get_object(self, queryset: Any = None) -> User:
        return User.objects.get(pk=self.request.user.pk)

    def get_initial(self) -> dict[str, Any]:
        preference = Preference.objects.filter(user=self.request.user).first()
        return {"mail": preference.mail if preference else Preference.Mail.AT_ONCE}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        user = form.save()
        choose_mail(user, mail=form.cleaned_data["mail"])
        messages.success(self.request, _("Your account has been saved."))
        return redirect("people:account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        memberships = Membership.objects.filter(user=user).select_related("municipality")
        return super().get_context_data(
            memberships=memberships.active(),
            waiting=memberships.waiting(),
            invitations=services.invitations_to(user),
            staff_groups=permissions.groups_of(user),
            may_join=services.municipality_of_address(user.email) is not None,
            has_second_factor=is_mfa_enabled(user),
            **kwargs,
        )


class AcceptView(TemplateView):
    """The page an invitation's link leads to, for whoever follows it: signed out, the right person, another person."""

    template_name = "people/accept.html"

    def _invitation(self) -> Invitation | None:
        invitations = Invitation.objects.select_related("municipality", "invited_by")
        return invitations.filter(token=self.kwargs["token"]).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = self._invitation()
        if invitation is None:
            return self.render_to_response({"situation": "closed"}, status=404)
        user = request.user
        mine = permissions.may_accept(invitation, user)
        if mine and invitation.accepted_at:
            return self._onwards(invitation)
        if not invitation.is_open:
            return self.render_to_response({"situation": "closed"}, status=410)
        if not user.is_authenticated:
            request.session[INVITATION] = invitation.token
            newcomer = entrance.newcomer(invitation)
            if newcomer is not None:
                return self._show(invitation, "choose", form=SetPasswordForm(user=newcomer))
        return self._show(invitation, "accept" if mine else "other" if user.is_authenticated else "sign_in")

    def _show(self, invitation: Invitation, situation: str, **context: Any) -> HttpResponse:
        here = self.request.get_full_path()
        context = self.get_context_data(invitation=invitation, situation=situation, here=here, **context)
        return self.render_to_response(context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the role; one who has been named by others first chooses a password and is signed in."""
        invitation = self._invitation()
        if invitation is None:
            raise Http404
        if request.user.is_authenticated:
            return self._accept(invitation)
        newcomer = entrance.newcomer(invitation)
        if newcomer is None:
            return redirect(request.path)
        form = SetPasswordForm(user=newcomer, data=request.POST)
        if not form.is_valid():
            return self._show(invitation, "choose", form=form)
        try:
            user = entrance.choose_first_password(invitation, password=form.cleaned_data["password1"])
        except ValidationError:  # chosen in another window in the same moment
            return redirect(request.path)
        login = Login(user=user, email=user.email, redirect_url=request.path)
        answer: HttpResponse = perform_password_login(request, {"email": user.email}, login)
        # Where a second factor is asked for, the way leads back here afterwards.
        return self._accept(invitation) if request.user.is_authenticated else answer

    def _accept(self, invitation: Invitation) -> HttpResponse:
        request = self.request
        try:
            services.accept_invitation(invitation, user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(request.path)
        request.session.pop(INVITATION, None)
        messages.success(
            request,
            _("You now belong to %(municipality)s.") % {"municipality": invitation.municipality.full_name},
        )
        return self._onwards(invitation)

    def _onwards(self, invitation: Invitation) -> HttpResponse:
        address = invitation.next_address
        safe = url_has_allowed_host_and_scheme(address, allowed_hosts={self.request.get_host()})
        return redirect(address if address and safe else reverse("home:start"))


class JoinView(LoginRequiredMixin, FormView[JoinForm]):
    """Ask to join the municipality that one's work address belongs to."""

    template_name = "people/join.html"
    form_class = JoinForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Someone who has just signed up through an invitation is meant to answer that instead.
        invitation = open_invitation(request)
        if invitation is not None and permissions.may_accept(invitation, request.user):
            return redirect("people:accept", invitation.token)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: JoinForm) -> HttpResponse:
        municipality = services.municipality_of_address(self.request.user.email)
        if municipality is None:
            return redirect("people:join")
        membership = services.request_membership(user=self.request.user, municipality=municipality, **form.cleaned_data)
        if membership.approved_at is None:
            messages.success(
                self.request,
                _("Your request has been sent to the leader in %(municipality)s. You get a notice when it is answered.")
                % {"municipality": municipality.full_name},
            )
        return redirect("people:account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        municipality = services.municipality_of_address(self.request.user.email)
        return super().get_context_data(municipality=municipality, **kwargs)


class OfMunicipality(LoginRequiredMixin):
    """Pages below a municipality; a stranger gets 404, a reader who may not manage people 404 on what manages."""

    managing = True
    request: HttpRequest
    kwargs: dict[str, Any]
    municipality: Municipality

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            self.municipality = get_object_or_404(Municipality, code=kwargs["code"])
            allowed = permissions.may_manage_people if self.managing else permissions.may_see_people
            if not allowed(self.municipality, request.user):
                raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def back(self) -> HttpResponse:
        """To the municipality's people."""
        return redirect("people:members", self.municipality.code)


class MembersView(OfMunicipality, ListPage):
    """Who belongs to the municipality, who asks to, and who has been invited."""

    managing = False
    template_name = "people/members.html"
    filterset_class = MemberFilter
    default_sort = ("user__first_name", "user__last_name")
    empty_title = gettext_lazy("Nobody belongs to the municipality yet")
    empty_text = gettext_lazy("People appear here when they accept an invitation or a request is approved.")

    @property
    def manages(self) -> bool:
        """Whether the reader may invite, approve and change."""
        return permissions.may_manage_people(self.municipality, self.request.user)

    def get_columns(self) -> list[Column]:
        name_sort = ("user__first_name", "user__last_name", "user__email")
        return [
            Column("user", gettext_lazy("Name"), sort=name_sort, link=self.manages),
            Column("role", gettext_lazy("Role"), sort="role"),
            Column("title", gettext_lazy("Title"), sort="title"),
            Column("email", gettext_lazy("E-mail address"), "user.email", sort="user__email"),
        ]

    def get_heading(self) -> str:
        return _("People in %(municipality)s") % {"municipality": self.municipality.full_name}

    def get_actions(self) -> list[tuple[str, str]]:
        if not self.manages:
            return []
        return [(_("Invite a person"), reverse("people:invite", args=[self.municipality.code]))]

    def get_queryset(self) -> QuerySet[Membership]:
        found = Membership.objects.active().filter(municipality=self.municipality)
        return found.select_related("user", "municipality")

    def get_extra_context(self) -> dict[str, Any]:
        more: dict[str, Any] = {"municipality": self.municipality, "manages": self.manages}
        if self.manages:
            waiting = Membership.objects.filter(municipality=self.municipality).waiting()
            more["waiting"] = waiting.select_related("user", "municipality").order_by("created_at")
            more["invitations"] = Invitation.objects.open().filter(municipality=self.municipality)
        return more


class InviteView(OfMunicipality, FormView[InviteForm]):
    """Invite a person by mail."""

    template_name = "people/invite.html"
    form_class = InviteForm

    def form_valid(self, form: InviteForm) -> HttpResponse:
        try:
            invitation = services.invite(municipality=self.municipality, by=self.request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        messages.success(self.request, _("The invitation has been sent to %(email)s.") % {"email": invitation.email})
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(municipality=self.municipality, **kwargs)


class InvitationView(OfMunicipality, View):
    """Send an invitation again, or take it back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        invitation = get_object_or_404(Invitation.objects.filter(municipality=self.municipality), pk=pk)
        if "withdraw" in request.POST:
            services.withdraw_invitation(invitation, by=request.user)
            messages.success(request, _("The invitation has been withdrawn."))
            return self.back()
        try:
            services.send_invitation_again(invitation)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The invitation has been sent to %(email)s.") % {"email": invitation.email})
        return self.back()


class MembershipView(OfMunicipality, UpdateView[Membership, MembershipForm]):
    """One person's membership: answer a request, change the role, end it."""

    template_name = "people/membership.html"
    form_class = MembershipForm
    context_object_name = "membership"

    def get_queryset(self) -> QuerySet[Membership]:
        found = Membership.objects.filter(municipality=self.municipality, ended_on__isnull=True)
        return found.select_related("user", "municipality")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        acts = {"approve": self._approve, "decline": self._decline, "end": self._end}
        for name, act in acts.items():
            if name in request.POST:
                try:
                    said = act(self.object)
                except ValidationError as error:
                    messages.error(request, " ".join(error.messages))
                    return redirect(request.path)
                messages.success(request, said)
                return self.back()
        return super().post(request, *args, **kwargs)

    def _approve(self, membership: Membership) -> str:
        if not permissions.may_approve(membership, self.request.user):
            raise PermissionDenied
        services.approve(membership, by=self.request.user)
        return _("%(name)s now belongs to the municipality.") % {"name": membership.user}

    def _decline(self, membership: Membership) -> str:
        if not permissions.may_approve(membership, self.request.user):
            raise PermissionDenied
        services.decline(membership, by=self.request.user)
        return _("The request from %(name)s has been declined.") % {"name": membership.user}

    def _end(self, membership: Membership) -> str:
        services.end_membership(membership, by=self.request.user)
        return _("The membership of %(name)s has been ended.") % {"name": membership.user}

    def form_valid(self, form: MembershipForm) -> HttpResponse:
        role, title = form.cleaned_data["role"], form.cleaned_data["title"]
        try:
            services.change_role(self.get_object(), role=role, title=title, by=self.request.user)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return self.form_invalid(form)
        messages.success(self.request, _("The changes have been saved."))
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_approve = permissions.may_approve(self.object, self.request.user)
        return super().get_context_data(municipality=self.municipality, may_approve=may_approve, **kwargs)


class LeaveView(LoginRequiredMixin, View):
    """End one's own membership."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        membership = get_object_or_404(Membership.objects.filter(user=request.user, ended_on__isnull=True), pk=pk)
        try:
            services.end_membership(membership, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Your membership has been ended."))
        return redirect("people:account")
