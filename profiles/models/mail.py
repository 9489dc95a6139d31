"""How a person wants their mail, and the record of every mail: a row first, then the sending."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models.notification import KIND_LIMIT, SOURCE_LIMIT, TITLE_LIMIT, URL_LIMIT

DIGEST_HOUR = 8


class StopReason(models.TextChoices):
    """Why no mail goes to an address any more."""

    BOUNCED = "bounced", _("E-mails to the address bounced.")
    COMPLAINED = "complained", _("An e-mail was marked as spam.")


class MailSettings(models.Model):
    """One row a person, made when it is first needed; without one the defaults hold."""

    profile = models.OneToOneField(
        "profiles.Profile", primary_key=True, on_delete=models.CASCADE, related_name="mail_settings"
    )
    digest_hour = models.PositiveSmallIntegerField(
        default=DIGEST_HOUR, help_text=_("Hour of the local day, 0 to 23.")
    )
    time_zone = models.CharField(max_length=64, blank=True, help_text=_("IANA name; empty: the site’s."))
    paused_at = models.DateTimeField(null=True, blank=True, help_text=_("When the member paused all e-mail."))
    mail_stopped_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When bounces or a complaint stopped all e-mail.")
    )
    mail_stopped_reason = models.CharField(max_length=12, blank=True, choices=StopReason.choices)
    bounce_score = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True, blank=True, help_text=_("The latest bounce."))
    # The digest's own memory: the local day that has had its digest, and up to when questions were told.
    digest_on = models.DateField(null=True, blank=True, editable=False)
    digest_through = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("e-mail settings")
        verbose_name_plural = _("e-mail settings")
        constraints = [models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_of_a_day")]

    def __str__(self) -> str:
        return f"Mail of {self.profile_id}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")
    FAILED = "failed", _("Failed")


class SkipReason(models.TextChoices):
    """Why a mail was not sent, or why it still waits; the sentence is shown in the person's mail log."""

    PREFERENCE = "preference", _("You turned off e-mails of this kind.")
    UNSUBSCRIBED = "unsubscribed", _("You unfollowed this before we sent the e-mail.")
    PAUSED = "paused", _("You paused all e-mails.")
    STOPPED = "stopped", _("We stopped sending you e-mails because one bounced or was marked as spam.")
    UNVERIFIED = "unverified", _("Your e-mail address isn’t verified.")
    SUSPENDED = "suspended", _("Your account was suspended.")
    NO_ADDRESS = "no_address", _("Your account had no e-mail address.")
    GONE = "gone", _("The post was hidden, archived or deleted before we sent the e-mail.")
    APART = "apart", _("You and the author have a no-contact order.")
    EMPTY = "empty", _("There was nothing new.")
    REFUSED = "refused", _("Your mail server rejected the e-mail address.")
    GAVE_UP = "gave_up", _("The e-mail couldn’t be delivered after several attempts.")
    UNDONE = "undone", _("A moderator undid the change before we sent the e-mail.")
    UNREACHABLE = "unreachable", _("Our mail server doesn’t answer. We will try again in a few minutes.")
    DEFERRED = "deferred", _("The mail server didn’t accept the e-mail yet. We will try again.")
    BROKEN = "broken", _("We couldn’t create the e-mail.")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self) -> DeliveryQuerySet:
        """Waiting, to be tried again, or claimed by a worker that must have died; those that lead a mail."""
        return self.filter(next_attempt_at__lte=timezone.now())


class Delivery(models.Model):
    """The record of one mail to one person about one thing; with `sent_with`, a part of that row's mail.

    `next_attempt_at` is the one word on what is still to do: waiting rows carry when they may go, claimed
    rows when the claim ends, failed rows when they are tried again; null means nothing more happens.
    """

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=KIND_LIMIT)
    source_key = models.CharField(max_length=SOURCE_LIMIT)
    group_key = models.CharField(
        max_length=SOURCE_LIMIT, blank=True, help_text=_("E-mails of one group are sent together.")
    )
    title = models.CharField(max_length=TITLE_LIMIT)
    url = models.CharField(max_length=URL_LIMIT)
    actor = models.ForeignKey(
        "profiles.Profile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    facts = models.JSONField(
        default=dict, blank=True, help_text=_("IDs and times the e-mail is composed from.")
    )
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    reason = models.CharField(max_length=12, blank=True, choices=SkipReason.choices)
    detail = models.CharField(max_length=300, blank=True, help_text=_("What the mail server said."))
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.CharField(max_length=32, blank=True, help_text=_("Token of the worker that claimed it."))
    sent_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts"
    )
    message_id = models.CharField(max_length=240, blank=True, help_text=_("The same in every attempt."))
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mail history")
        constraints = [
            models.UniqueConstraint(fields=["profile", "kind", "source_key"], name="delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(next_attempt_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(fields=["profile", "-id"], name="delivery_log"),
            models.Index(
                fields=["profile", "group_key", "-id"], condition=~Q(group_key=""), name="delivery_group"
            ),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="delivery_message_id"),
            models.Index(fields=["provider_id"], condition=~Q(provider_id=""), name="delivery_provider_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key} to {self.profile_id}: {self.state}"
