"""What a person asked us to do with their account and data, and addresses that claim imported profiles."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AccountDeletion(models.Model):
    """An account that will be deleted when its time comes, unless its owner changes their mind."""

    profile = models.OneToOneField("profiles.Profile", on_delete=models.CASCADE, related_name="deletion")
    keep_posts = models.BooleanField(
        default=True, help_text=_("Keep posts under the name “Former member” instead of deleting them.")
    )
    requested_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("account deletion")
        verbose_name_plural = _("account deletions")

    def __str__(self) -> str:
        return f"Deletion of {self.profile_id}"


class DataExport(models.Model):
    """A zip of everything we keep about a person, made by a job, there for its owner until it expires."""

    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True, help_text=_("When a worker last claimed it."))
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    file = models.CharField(max_length=200, blank=True, help_text=_("Storage name under exports/."))
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("data export")
        verbose_name_plural = _("data exports")
        indexes = [models.Index(fields=["profile", "-requested_at"], name="export_by_profile")]

    def __str__(self) -> str:
        return f"Export {self.pk}"


class ImportedAddress(models.Model):
    """Whose mailbox an imported author had: a keyed digest, so that only who has the address can claim the profile."""

    profile = models.OneToOneField(
        "profiles.Profile", on_delete=models.CASCADE, related_name="imported_address"
    )
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"Address of {self.profile_id}"
