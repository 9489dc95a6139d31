"""Sanctions, their evidence and effects, no-contact orders, and appeals."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core import signing
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from moderation.models.reports import Report
from moderation.rules import CHOICES, title_of
from profiles.models import Profile
from profiles.permissions import is_moderator

TOKEN_SALT = "moderation.appeal"  # noqa: S105 (a name, not a secret)


class Kind(models.TextChoices):
    """The kinds of sanction, the mildest first."""

    CORRECTION = "correction", _("Correction")
    WARNING = "warning", _("Warning")
    TEMPORARY_BAN = "temporary_ban", _("Temporary ban")
    PERMANENT_BAN = "permanent_ban", _("Permanent ban")


KINDS_RISING = list(Kind)
BANS = frozenset({Kind.TEMPORARY_BAN, Kind.PERMANENT_BAN})


class Content(models.TextChoices):
    """What a ban does to the posts of the person."""

    KEPT = "kept", _("Kept")
    HIDDEN = "hidden", _("Hidden")
    REMOVED = "removed", _("Removed: their pages answer 410 Gone")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def visible_to(self, viewer: Profile | None) -> SanctionQuerySet:
        """Return sanctions for moderators, without their own."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(profile=viewer)

    def in_force(self) -> SanctionQuerySet:
        """Return sanctions that were neither lifted nor have expired."""
        now = timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), lifted_at=None, starts_at__lte=now)

    def bans(self) -> SanctionQuerySet:
        return self.filter(kind__in=BANS)


class Sanction(models.Model):
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+", verbose_name=_("member"))
    kind = models.CharField(_("sanction"), max_length=16, choices=Kind.choices)
    rule = models.CharField(_("rule"), max_length=12, choices=CHOICES, db_column="clause")
    explanation = models.TextField(_("explanation"), help_text=_("The member reads this."))
    skip_reason = models.TextField(
        _("why earlier sanctions were skipped"),
        blank=True,
        db_default="",
        help_text=_("The member reads this."),
    )
    given_by = models.ForeignKey(
        Profile, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("given by")
    )
    report = models.ForeignKey(
        Report, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_column="case_id"
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: no end."))
    posts_per_day = models.PositiveSmallIntegerField(_("posts per day"), null=True, blank=True)
    content = models.CharField(_("their posts"), max_length=8, choices=Content.choices, default=Content.KEPT)
    drop_votes = models.BooleanField(_("upvotes removed"), default=False)
    hides_reported = models.BooleanField(
        _("reported post hidden"),
        default=False,
        db_default=False,
        help_text=_("Lifting the sanction unhides the post."),
    )
    signed_out = models.BooleanField(
        default=False, editable=False, help_text=_("This ban closed the account.")
    )
    ended_sessions = ArrayField(
        models.CharField(max_length=64), default=list, db_default=[], editable=False,
        help_text=_("Keyed digests of the sessions that this ban ended: their browsers are sent to the appeal page."),
    )  # fmt: skip
    effects_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When all effects of giving or lifting it were done."),
    )
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lift_reason = models.TextField(blank=True)

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Kind.TEMPORARY_BAN) | Q(ends_at__isnull=False),
                name="sanction_temporary_ends",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BANS) | Q(content=Content.KEPT), name="sanction_content_by_ban"
            ),
        ]
        indexes = [
            models.Index(fields=["profile", "-id"], name="sanction_by_profile"),
            models.Index(
                fields=["ends_at"], condition=Q(lifted_at=None, ends_at__isnull=False), name="sanction_ending"
            ),
            models.Index(fields=["id"], condition=Q(effects_at=None), name="sanction_unsettled"),
            models.Index(fields=["id"], condition=Q(told_at=None), name="sanction_untold"),
            GinIndex(fields=["ended_sessions"], name="sanction_ended_sessions"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.rule_title}"

    def get_absolute_url(self) -> str:
        return f"/moderation/sanctions/{self.pk}/"

    @property
    def rule_title(self) -> str:
        return title_of(self.rule)

    @property
    def is_ban(self) -> bool:
        return self.kind in BANS

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None and (self.ends_at is None or self.ends_at > timezone.now())

    @property
    def key_of_reported(self) -> str:
        """The reported post or thread that the sanction hides, or nothing."""
        return self.report.source_key if self.hides_reported and self.report else ""

    @property
    def appeal_token(self) -> str:
        """A signed token for the appeal page. It is sent by e-mail and stored nowhere."""
        return signing.dumps(self.pk, salt=TOKEN_SALT).replace(
            ":", "~"
        )  # a colon in a path is read as a namespace

    @property
    def appeal_url(self) -> str:
        return f"/appeals/{self.appeal_token}/"


class Evidence(models.Model):
    """Evidence for a sanction: a page of ours with its title at the time, or a URL elsewhere."""

    sanction = models.ForeignKey(Sanction, on_delete=models.CASCADE, related_name="evidence")
    url = models.CharField(max_length=500)
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.title or self.url


class NoContactQuerySet(models.QuerySet["NoContact"]):
    def in_force(self) -> NoContactQuerySet:
        now = timezone.now()
        return self.filter(ends_at__gt=now, sanction__lifted_at=None)


class NoContact(models.Model):
    """A no-contact order between two people, the smaller id first."""

    one = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="+")
    sanction = models.ForeignKey(Sanction, on_delete=models.CASCADE, related_name="no_contacts")
    ends_at = models.DateTimeField(_("until"))

    objects = NoContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("no-contact order")
        verbose_name_plural = _("no-contact orders")
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="no_contact_in_order"),
            models.UniqueConstraint(fields=["sanction", "one", "other"], name="no_contact_once"),
        ]
        indexes = [
            models.Index(fields=["one", "ends_at"], name="no_contact_by_one"),
            models.Index(fields=["other", "ends_at"], name="no_contact_by_other"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"


class EffectQuerySet(models.QuerySet["Effect"]):
    def of_sanctions(self) -> EffectQuerySet:
        """Return effects of sanctions that were not lifted: what they hide stays hidden, also after their term."""
        return self.filter(sanction__lifted_at=None)


class Effect(models.Model):
    """One change a sanction made, undone when the sanction is lifted. Unhiding a post by hand deletes its rows."""

    sanction = models.ForeignKey(Sanction, on_delete=models.CASCADE, related_name="effects")
    source_key = models.CharField(max_length=80)

    objects = EffectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sanction", "source_key"], name="effect_once")]
        indexes = [models.Index(fields=["source_key"], name="effect_by_source")]

    def __str__(self) -> str:
        return f"{self.source_key} by {self.sanction_id}"


class AppealOutcome(models.TextChoices):
    STANDS = "stands", _("Appeal rejected")
    LIFTED = "lifted", _("Appeal accepted")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, viewer: Profile | None) -> AppealQuerySet:
        """Return appeals for moderators who neither gave the sanction nor received it."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(sanction__given_by=viewer).exclude(sanction__profile=viewer)

    def open(self) -> AppealQuerySet:
        return self.filter(decided_at=None)


class Appeal(models.Model):
    """A member’s one appeal against a sanction, decided by a moderator who did not give it."""

    sanction = models.OneToOneField(Sanction, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        Profile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=8, blank=True, choices=AppealOutcome.choices)
    answer = models.TextField(_("answer"), blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [models.Index(fields=["due_at", "id"], condition=Q(decided_at=None), name="appeal_open")]

    def __str__(self) -> str:
        return f"Appeal {self.pk}"

    def get_absolute_url(self) -> str:
        return f"/moderation/appeals/{self.pk}/"


def sanction_by_token(token: str) -> Sanction | None:
    """Return the sanction of an appeal token, or None when we did not sign it."""
    try:
        pk = signing.loads(token.replace("~", ":"), salt=TOKEN_SALT)
    except signing.BadSignature:
        return None
    return Sanction.objects.select_related("profile__user", "appeal", "report").filter(pk=pk).first()


def digest_of_session(session_key: str) -> str:
    """Return a keyed digest of a session’s key: it recognises the cookie and signs nobody in."""
    return salted_hmac("moderation.session", session_key, algorithm="sha256").hexdigest()


def end_of_time() -> datetime:
    """Return a date for columns that need an end where there is none."""
    return datetime(9999, 1, 1, tzinfo=timezone.get_default_timezone())
