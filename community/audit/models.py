"""The log: who did what to what. Entries are chained and can't be changed; the texts beside them can be erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogEntry(models.Model):
    """One privileged action. A trigger refuses UPDATE, DELETE and TRUNCATE; `digest` covers the row and the one before."""

    # A plain number, not a foreign key: the row must survive whatever happens to the profile.
    actor_id = models.BigIntegerField(
        _("actor"), null=True, help_text=_("Id of the profile that acted; empty: Hearth itself.")
    )
    action = models.CharField(_("action"), max_length=60, help_text=_("Such as thread.archived."))
    target = models.CharField(_("target"), max_length=80, help_text=_("Kind and id, such as thread:12."))
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    created_at = models.DateTimeField(_("time"))
    source_key = models.CharField(
        _("cause"), max_length=120, null=True, unique=True, help_text=_("A cause is recorded once.")
    )
    detail_digest = models.CharField(
        max_length=64, blank=True, help_text=_("Salted SHA-256 of the words beside the entry.")
    )
    previous_digest = models.CharField(max_length=64, blank=True, help_text=_("Empty for the first entry."))
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [
            models.Index(fields=["target", "-id"], name="log_by_target"),
            models.Index(fields=["actor_id", "-id"], name="log_by_actor"),
            models.Index(fields=["action", "-id"], name="log_by_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class LogDetail(models.Model):
    """The free texts of an entry. The entry has only a salted digest of them, so erasing them keeps the chain valid."""

    entry = models.OneToOneField(LogEntry, primary_key=True, on_delete=models.PROTECT, related_name="detail")
    reason = models.TextField(_("reason"), blank=True)
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("What the target was called at the time.")
    )
    before = models.JSONField(_("words before"), default=dict)
    after = models.JSONField(_("words after"), default=dict)
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("words of a log entry")
        verbose_name_plural = _("words of log entries")

    def __str__(self) -> str:
        return f"Words of entry {self.entry_id}"
