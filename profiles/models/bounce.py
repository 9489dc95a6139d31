"""Mails that came back, and complaints: each once, so that the score they make can be explained."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReturnKind(models.TextChoices):
    HARD = "hard", _("The address doesn’t accept e-mail.")
    SOFT = "soft", _("The e-mail wasn’t accepted this time.")
    COMPLAINT = "complaint", _("Marked as spam.")


class MailReturn(models.Model):
    """One mail that came back from one person, or that they complained of. Holds no address."""

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="mail_returns")
    delivery = models.ForeignKey(
        "profiles.Delivery", null=True, blank=True, on_delete=models.SET_NULL, related_name="returns"
    )
    key = models.CharField(
        max_length=64, unique=True, help_text=_("Digest of the provider’s name for the event.")
    )
    kind = models.CharField(max_length=9, choices=ReturnKind.choices)
    detail = models.CharField(max_length=300, blank=True, help_text=_("What the other mail server said."))
    happened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        indexes = [models.Index(fields=["profile", "-id"], name="mail_return_of")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.profile_id}"
