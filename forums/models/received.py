"""Mails that came in, each once: what became of them, and the answer that is still to go out."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.post import Post
from forums.models.thread import Thread
from profiles.models import Profile


class Outcome(models.TextChoices):
    POSTED = "posted", _("Posted")
    REFUSED = "refused", _("Refused")
    PASSED_ON = "passed", _("Passed on to another mailbox")
    IGNORED = "ignored", _("Ignored: automatic e-mail")


class ReceivedMail(models.Model):
    """What was written is in the post or nowhere; of the sender only a keyed digest is kept."""

    key = models.CharField(max_length=64, unique=True, help_text=_("Digest of the Message-ID."))
    sender_digest = models.CharField(max_length=64, blank=True)
    profile = models.ForeignKey(Profile, null=True, on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey(Thread, null=True, on_delete=models.SET_NULL, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.REFUSED)
    reason = models.CharField(max_length=500, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True, help_text=_("The answer still to be sent, sealed."))
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("received mail")
        verbose_name_plural = _("received mails")
        indexes = [
            models.Index(fields=["sender_digest", "-received_at"], name="received_by_sender"),
            models.Index(fields=["received_at"], condition=~Q(answer=""), name="received_to_answer"),
            models.Index(fields=["received_at"], name="received_when"),
        ]

    def __str__(self) -> str:
        return f"Mail {self.pk}: {self.outcome}"
