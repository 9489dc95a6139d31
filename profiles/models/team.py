"""Small teams of the company."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    tagline = models.CharField(max_length=160, blank=True)
    crest = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Storage name of the team's picture."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/teams/{self.slug}/"

    @property
    def crest_url(self) -> str | None:
        return f"{settings.MEDIA_URL}{self.crest}" if self.crest else None


class TeamMembership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    profile = models.ForeignKey("profiles.Profile", on_delete=models.CASCADE, related_name="memberships")
    title = models.CharField(max_length=120, blank=True, help_text=_("What the member does on the team."))
    is_lead = models.BooleanField(default=False)
    started_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("team membership")
        verbose_name_plural = _("team memberships")
        constraints = [models.UniqueConstraint(fields=["team", "profile"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.profile_id} on {self.team_id}"
