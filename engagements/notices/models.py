"""Notices to people and the outbox that carries them."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.lifecycle import StateField, Step, transition
from engagements.records.fields import GuardedCharField, GuardedTextField

from . import permissions


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, user: Any) -> Self:
        """One's own only."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Not yet opened."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A message to one person, shown in the app; `key` makes the same event tell a person once."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=160)
    subject = GuardedCharField(_("subject"), max_length=200)
    body = GuardedTextField(_("text"), max_length=4000)
    address = models.CharField(_("link"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("date"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="a_person_is_told_once")]
        indexes = [models.Index(fields=["recipient"], condition=Q(read_at=None), name="unread_notices")]

    def __str__(self) -> str:
        return self.subject


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Mails."""

    def visible_to(self, user: Any) -> Self:
        """All of them to those who look after the outbox, none to others."""
        return self if permissions.may_look_after_outbox(user) else self.none()

    def due(self) -> Self:
        """To be sent now: waiting, not for the digest, and past any pause after a failed attempt."""
        now = timezone.now()
        return self.filter(
            Q(not_before__isnull=True) | Q(not_before__lte=now), state=OutboxMessage.State.WAITING, in_digest=False
        )

    def troubled(self) -> Self:
        """Those a person must look at: not confirmed, or failed."""
        return self.filter(state__in=[OutboxMessage.State.UNCERTAIN, OutboxMessage.State.FAILED])


class OutboxMessage(models.Model):
    """One mail to be sent. A row survives a crash; a send that could not be confirmed is shown to staff, not repeated."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        GATHERED = "gathered", _("sent in the digest")
        UNCERTAIN = "uncertain", _("not confirmed")
        FAILED = "failed", _("not delivered")
        SETTLED = "settled", _("settled without sending")

    message_id = models.UUIDField(_("message id"), default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=160)
    notice = models.OneToOneField(Notice, models.SET_NULL, null=True, blank=True, related_name="mail")
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, default="da")
    subject = GuardedCharField(_("subject"), max_length=200)
    body = GuardedTextField(_("text"), max_length=20000)
    address = models.CharField(_("link"), max_length=300, blank=True)
    attachment = models.FileField(_("attachment"), upload_to="outbox/%Y/", blank=True, max_length=255)
    state = StateField(_("state"), max_length=10, choices=State, default=State.WAITING, db_index=True)
    in_digest = models.BooleanField(_("goes in the digest"), default=False)
    gathered_in = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="gathered", verbose_name=_("digest")
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    claimed_at = models.DateTimeField(_("sending began"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail in the outbox")
        verbose_name_plural = _("outbox")
        ordering = ["created_at", "pk"]
        permissions = [("look_after_outbox", _("Can look after the outbox"))]
        constraints = [models.UniqueConstraint(fields=["to", "key"], name="one_mail_per_event_and_address")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    def get_absolute_url(self) -> str:
        """The page on which staff see what became of it."""
        return reverse("notices:mail", args=[self.pk])

    @transition(
        state,
        source=[State.UNCERTAIN, State.FAILED],
        target=State.WAITING,
        label=_("Send again"),
        done=_("Put in line to be sent again"),
        permission=permissions.may_look_after,
        primary=True,
        help=_("If the first mail did arrive after all, the recipient gets it twice."),
    )
    def resend(self, step: Step) -> None:
        """A person has chosen to send it again; it starts afresh."""
        self.attempts = 0
        self.not_before = None

    @transition(
        state,
        source=[State.UNCERTAIN, State.FAILED],
        target=State.SETTLED,
        label=_("Settle without sending"),
        done=_("Settled without sending"),
        permission=permissions.may_look_after,
        note="optional",
    )
    def settle(self, step: Step) -> None:
        """A person has seen to it in another way."""


class Preference(models.Model):
    """How a person wants notices: at once or gathered once a day."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("a mail at once")
        DIGEST = "digest", _("gathered once a day")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preference")
    mail = models.CharField(_("mail"), max_length=10, choices=Mail, default=Mail.AT_ONCE)

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
