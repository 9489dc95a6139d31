"""Achievements, who earned them, and the runs that award them to those who already qualify."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from profiles.models import Profile

# Those of static/icons.svg that suit an achievement.
ICONS = (
    "trophy",
    "star",
    "flame",
    "solved",
    "check-circle",
    "check",
    "reply",
    "message",
    "users",
    "user",
    "sparkles",
    "book",
    "map",
    "calendar",
    "clock",
    "gift",
    "quote",
    "shield",
    "key",
    "scale",
    "tag",
    "bell",
    "arrow-up",
    "pencil",
    "code",
    "eye",
)
MOST_POINTS = 100_000
MOST_THRESHOLD = 1_000_000


class AchievementGroup(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("achievement group")
        verbose_name_plural = _("achievement groups")

    def __str__(self) -> str:
        return self.name


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def published(self) -> AchievementQuerySet:
        return self.filter(published_at__isnull=False)

    def visible_to(self, viewer: Profile | None) -> AchievementQuerySet:
        """Published achievements; secret ones only once `viewer` earned them."""
        if viewer is None:
            return self.published().filter(is_secret=False)
        mine = Award.objects.filter(profile=viewer, revoked_at=None).values("achievement")
        return self.published().filter(Q(is_secret=False) | Q(pk__in=mine))


class Achievement(models.Model):
    """A definition, made in admin.

    `trigger` is a key of `points.triggers`; `threshold` is the count it takes.
    """

    slug = models.SlugField(
        _("slug"),
        max_length=60,
        unique=True,
        help_text=_("Rewards can be limited to its holders by this slug."),
    )
    title = models.CharField(_("title"), max_length=80)
    description = models.CharField(
        _("description"), max_length=300, help_text=_("What the member did, in a sentence.")
    )
    icon = models.CharField(
        _("icon"), max_length=20, choices=[(name, name) for name in ICONS], default="trophy"
    )
    points = models.PositiveIntegerField(_("points"), default=0, validators=[MaxValueValidator(MOST_POINTS)])
    group = models.ForeignKey(
        AchievementGroup, on_delete=models.PROTECT, related_name="achievements", verbose_name=_("group")
    )
    level = models.PositiveSmallIntegerField(
        _("level"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Its position in the group, from 1."),
    )
    trigger = models.CharField(_("earned by"), max_length=40, default="manual")
    threshold = models.PositiveIntegerField(
        _("threshold"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_THRESHOLD)]
    )
    is_secret = models.BooleanField(
        _("secret"), default=False, help_text=_("Hidden until the member earns it.")
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by_id = models.BigIntegerField(_("published by"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = AchievementQuerySet.as_manager()

    class Meta:
        ordering = ["group__position", "group__name", "level", "pk"]
        verbose_name = _("achievement")
        verbose_name_plural = _("achievements")
        constraints = [
            models.UniqueConstraint(fields=["group", "level"], name="achievement_one_a_level"),
            models.CheckConstraint(condition=Q(threshold__gte=1), name="achievement_threshold_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["trigger"], condition=Q(published_at__isnull=False), name="achievement_by_trigger"
            )
        ]

    def __str__(self) -> str:
        return self.title


class AwardQuerySet(models.QuerySet["Award"]):
    def in_force(self) -> AwardQuerySet:
        return self.filter(revoked_at=None)

    def visible_to(self, viewer: Profile | None) -> AwardQuerySet:
        """Awards in force; hidden ones only to their owner."""
        shown = Q(hidden_at=None) if viewer is None else Q(hidden_at=None) | Q(profile=viewer)
        return self.in_force().filter(shown)


class Award(models.Model):
    """A person earned an achievement, once. Its points are booked under the cause `award:<id>`."""

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+", verbose_name=_("member"))
    achievement = models.ForeignKey(
        Achievement, on_delete=models.PROTECT, related_name="awards", verbose_name=_("achievement")
    )
    awarded_at = models.DateTimeField(_("awarded"), default=timezone.now)
    # Plain numbers, not foreign keys: the row must survive whatever happens to the profile.
    awarded_by_id = models.BigIntegerField(
        _("awarded by"), null=True, help_text=_("Profile id; empty: awarded automatically.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    revoked_by_id = models.BigIntegerField(_("revoked by"), null=True)
    hidden_at = models.DateTimeField(_("hidden by the member"), null=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        constraints = [models.UniqueConstraint(fields=["profile", "achievement"], name="award_once")]
        indexes = [
            models.Index(
                fields=["achievement", "-id"], condition=Q(revoked_at=None), name="award_by_achievement"
            ),
            models.Index(
                fields=["profile", "-awarded_at"], condition=Q(revoked_at=None), name="award_by_profile"
            ),
        ]

    def __str__(self) -> str:
        return f"Award {self.pk}"

    @property
    def cause(self) -> str:
        """The cause of its transaction."""
        return f"award:{self.pk}"


class AwardRun(models.Model):
    """Awards an achievement to everybody who already qualifies, by id; resumes where it was interrupted."""

    achievement = models.ForeignKey(
        Achievement, on_delete=models.CASCADE, related_name="runs", verbose_name=_("achievement")
    )
    started_by_id = models.BigIntegerField(_("started by"), null=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    touched_at = models.DateTimeField(_("last step"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    total = models.PositiveIntegerField(_("members"), default=0)
    looked_at = models.PositiveIntegerField(_("checked"), default=0)
    awarded = models.PositiveIntegerField(_("awarded"), default=0)
    last_profile_id = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("award run")
        verbose_name_plural = _("award runs")
        constraints = [
            models.UniqueConstraint(
                fields=["achievement"], condition=Q(finished_at=None), name="award_run_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"
