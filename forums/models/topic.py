"""Topics and the headings they stand under."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicGroup(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("topic group")
        verbose_name_plural = _("topic groups")

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """The area a thread belongs to. A question topic has solutions, a discussion board has none."""

    group = models.ForeignKey(TopicGroup, on_delete=models.PROTECT, related_name="topics")
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    solutions_enabled = models.BooleanField(
        _("question topic"), default=True, help_text=_("Threads here are questions that can be solved.")
    )
    review_threads = models.BooleanField(
        _("threads need approval"),
        default=False,
        db_default=False,
        help_text=_("Members’ threads appear once a moderator approves them."),
    )
    review_replies = models.BooleanField(
        _("replies need approval"),
        default=False,
        db_default=False,
        help_text=_("Members’ replies appear once a moderator approves them."),
    )
    position = models.PositiveIntegerField(default=0)
    # Stored counters of listed threads; `recount --check` proves them.
    thread_count = models.PositiveIntegerField(default=0, editable=False)
    unanswered_count = models.PositiveIntegerField(default=0, editable=False)
    solved_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["group__position", "position", "name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/questions/topic/{self.slug}/"
