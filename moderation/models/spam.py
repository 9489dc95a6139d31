"""Spam assessments of posts, moderators’ decisions, and what the spam filter learned from them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models import Post
from profiles.models import Profile


class Decision(models.TextChoices):
    CLEAN = "clean", _("Not spam")
    SPAM = "spam", _("Spam")
    UNFIT = "unfit", _("Rejected for another reason")


class Assessment(models.Model):
    """One assessment of a post whose author is not trusted. The filter learns from it when a moderator decides."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", verbose_name=_("post"))
    author = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+", verbose_name=_("author"))
    kind = models.CharField(_("kind"), max_length=8)
    newcomer = models.BooleanField(_("by a new member"), default=False)
    created_at = models.DateTimeField(_("time"), default=timezone.now)
    score = models.FloatField(_("score"), default=0)
    signs = models.JSONField(_("signs"), default=list, help_text=_("Name and weight of each sign."))
    guess = models.FloatField(
        _("filter’s guess"),
        null=True,
        help_text=_("Probability of spam, 0 to 1. Empty: the filter has learned too little."),
    )
    reasons = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("held for"))
    sketch = ArrayField(models.BigIntegerField(), default=list, editable=False)
    tokens = ArrayField(
        models.CharField(max_length=80),
        default=list,
        editable=False,
        help_text=_("What the filter learned from it."),
    )
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices, blank=True, default="")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("spam assessment")
        verbose_name_plural = _("spam assessments")
        indexes = [
            models.Index(fields=["post", "-id"], name="assessment_of_post"),
            models.Index(fields=["author", "-created_at"], name="assessment_by_author"),
            models.Index(fields=["-created_at"], condition=Q(newcomer=True), name="assessment_newcomers"),
            models.Index(fields=["-decided_at"], condition=~Q(decision=""), name="assessment_decided"),
        ]

    def __str__(self) -> str:
        return f"Assessment {self.pk} of post {self.post_id}"


class SpamToken(models.Model):
    """How many spam and other posts contained a word. The empty word counts the posts."""

    token = models.CharField(_("word"), max_length=80, primary_key=True)
    spam = models.PositiveIntegerField(_("in spam"), default=0)
    clean = models.PositiveIntegerField(_("in other posts"), default=0)

    class Meta:
        verbose_name = _("learned word")
        verbose_name_plural = _("learned words")

    def __str__(self) -> str:
        return self.token


class FilterMode(models.TextChoices):
    SHADOW = "shadow", _("Watch only: record a guess, hold nothing")
    ON = "on", _("Hold posts that are almost certainly spam")
    OFF = "off", _("Off")


class SpamFilter(models.Model):
    """The mode of the spam filter: one row."""

    mode = models.CharField(_("mode"), max_length=8, choices=FilterMode.choices, default=FilterMode.SHADOW)
    bar = models.FloatField(
        _("threshold"), default=0.95, help_text=_("The probability from which it holds a post, 0.5 to 1.")
    )

    class Meta:
        verbose_name = _("spam filter")
        verbose_name_plural = _("spam filter")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_spam_filter"),
            models.CheckConstraint(condition=Q(bar__gte=0.5, bar__lte=1), name="spam_bar_is_a_chance"),
        ]

    def __str__(self) -> str:
        return self.get_mode_display()
