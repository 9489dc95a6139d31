"""Champions: trusted members, nominated by the team and invited together."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Cohort(models.Model):
    """Champions who are invited together, such as “Spring 2027”."""

    name = models.CharField(max_length=60, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("cohort of champions")
        verbose_name_plural = _("cohorts of champions")

    def __str__(self) -> str:
        return self.name


class Nomination(models.Model):
    """A member proposed as a champion. Invited with the cohort, they say yes or no themselves."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="nominations")
    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="nominations")
    nominated_by = models.ForeignKey(
        "profiles.Profile", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    why = models.CharField(max_length=300, blank=True, help_text=_("Only the team sees this."))
    created_at = models.DateTimeField(default=timezone.now)
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("champion")
        verbose_name_plural = _("champions")
        constraints = [models.UniqueConstraint(fields=["cohort", "profile"], name="nomination_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} in {self.cohort_id}"
