"""Notices to people and the outbox that carries them."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.records.fields import GuardedCharField, GuardedTextField


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def visible_to(self, user: object) -> Self:
        """One's own only."""
        return self.filter(recipient=user)

    def unread(self) -> Self:
        """Not yet opened."""
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """A message to one person, shown in the app; `key` makes the same event tell a person once."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
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

    def __str__(self) -> str:
        return self.subject


class OutboxMessage(models.Model):
    """One mail to be sent. A row survives a crash; a send that could not be confirmed is shown to staff, not repeated."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("not confirmed")
        FAILED = "failed", _("failed")

    message_id = models.UUIDField(_("message id"), default=uuid.uuid4, unique=True, editable=False)
    notice = models.OneToOneField(Notice, models.SET_NULL, null=True, blank=True, related_name="mail")
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, default="da")
    subject = GuardedCharField(_("subject"), max_length=200)
    body = GuardedTextField(_("text"), max_length=20000)
    attachment = models.FileField(_("attachment"), upload_to="outbox/%Y/", blank=True, max_length=255)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, db_index=True)
    in_digest = models.BooleanField(_("goes in the digest"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail in the outbox")
        verbose_name_plural = _("outbox")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


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
