"""The enforcement ladder: what was decided about a person, why, until when, and how it is appealed."""

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

from moderation.clauses import CHOICES, title_of
from moderation.models.reports import Case
from profiles.models import Profile
from profiles.permissions import is_moderator

TOKEN_SALT = "moderation.appeal"  # noqa: S105 (a name, not a secret)


class Kind(models.TextChoices):
    """The rungs, rising."""

    CORRECTION = "correction", _("Correction")
    WARNING = "warning", _("Warning")
    TEMPORARY_BAN = "temporary_ban", _("Temporary ban")
    PERMANENT_BAN = "permanent_ban", _("Permanent ban")


RUNGS = list(Kind)
BANS = frozenset({Kind.TEMPORARY_BAN, Kind.PERMANENT_BAN})


class Content(models.TextChoices):
    """What becomes of what a banned person wrote."""

    KEPT = "kept", _("Stays")
    HIDDEN = "hidden", _("Hidden")
    REMOVED = "removed", _("Removed: its pages say that they are gone")


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def visible_to(self, viewer: Profile | None) -> SanctionQuerySet:
        """Sanctions for moderators; one's own is read by its letter and its appeal page."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(profile=viewer)

    def in_force(self) -> SanctionQuerySet:
        """Neither lifted nor over."""
        now = timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), lifted_at=None, starts_at__lte=now)

    def bans(self) -> SanctionQuerySet:
        return self.filter(kind__in=BANS)


class Sanction(models.Model):
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("step"), max_length=16, choices=Kind.choices)
    clause = models.CharField(_("rule"), max_length=12, choices=CHOICES)
    explanation = models.TextField(_("explanation"), help_text=_("The person reads this."))
    skip_reason = models.TextField(
        _("why earlier steps were skipped"), blank=True, db_default="", help_text=_("The person reads this.")
    )
    given_by = models.ForeignKey(
        Profile, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("given by")
    )
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: no end."))
    posts_per_day = models.PositiveSmallIntegerField(_("posts a day"), null=True, blank=True)
    content = models.CharField(
        _("their content"), max_length=8, choices=Content.choices, default=Content.KEPT
    )
    drop_votes = models.BooleanField(_("votes and kudos removed"), default=False)
    hides_reported = models.BooleanField(
        _("reported post hidden"),
        default=False,
        db_default=False,
        help_text=_("Lifting the sanction shows the post again."),
    )
    signed_out = models.BooleanField(
        default=False, editable=False, help_text=_("This ban is what closed the account.")
    )
    ended_sessions = ArrayField(
        models.CharField(max_length=64), default=list, db_default=[], editable=False,
        help_text=_("Keyed digests of the sessions this ban ended: their browsers are led to the letter."),
    )  # fmt: skip
    effects_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When all that follows from giving or lifting it was done."),
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
        return f"{self.get_kind_display()}, {self.title_of_clause}"

    def get_absolute_url(self) -> str:
        return f"/moderation/sanctions/{self.pk}/"

    @property
    def title_of_clause(self) -> str:
        return title_of(self.clause)

    @property
    def is_ban(self) -> bool:
        return self.kind in BANS

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None and (self.ends_at is None or self.ends_at > timezone.now())

    @property
    def key_of_reported(self) -> str:
        """The reported post or thread that the sanction hides, or nothing."""
        return self.case.source_key if self.hides_reported and self.case else ""

    @property
    def appeal_token(self) -> str:
        """A signed name of the sanction: whoever has the letter has it, and nothing of it is stored."""
        return signing.dumps(self.pk, salt=TOKEN_SALT).replace(
            ":", "~"
        )  # a colon in a path is read as a namespace

    @property
    def appeal_url(self) -> str:
        return f"/appeals/{self.appeal_token}/"


class Evidence(models.Model):
    """What a sanction rests on: a thing of ours with its title then, or an address elsewhere."""

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
    """Two people who keep apart, the one with the smaller id first."""

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
        """Effects of sanctions that nobody lifted: what they hide stays hidden, also after their term."""
        return self.filter(sanction__lifted_at=None)


class Effect(models.Model):
    """One thing a sanction changed, undone when the sanction is lifted. Showing a post by hand deletes its rows."""

    sanction = models.ForeignKey(Sanction, on_delete=models.CASCADE, related_name="effects")
    source_key = models.CharField(max_length=80)

    objects = EffectQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sanction", "source_key"], name="effect_once")]
        indexes = [models.Index(fields=["source_key"], name="effect_by_source")]

    def __str__(self) -> str:
        return f"{self.source_key} by {self.sanction_id}"


class AppealOutcome(models.TextChoices):
    STANDS = "stands", _("The decision stands")
    LIFTED = "lifted", _("Lifted")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, viewer: Profile | None) -> AppealQuerySet:
        """Appeals for moderators who had no part in the decision, and whom it is not about."""
        if viewer is None or not is_moderator(viewer):
            return self.none()
        return self.exclude(sanction__given_by=viewer).exclude(sanction__profile=viewer)

    def open(self) -> AppealQuerySet:
        return self.filter(decided_at=None)


class Appeal(models.Model):
    """The sanctioned person's answer, once, decided by somebody who had no part in the sanction."""

    sanction = models.OneToOneField(Sanction, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("answer until"))
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
    """Return the sanction a token names, or None when we did not sign it."""
    try:
        pk = signing.loads(token.replace("~", ":"), salt=TOKEN_SALT)
    except signing.BadSignature:
        return None
    return Sanction.objects.select_related("profile__user", "appeal", "case").filter(pk=pk).first()


def digest_of_session(session_key: str) -> str:
    """Return a keyed digest of a session's key: it recognises the cookie and opens nothing."""
    return salted_hmac("moderation.session", session_key, algorithm="sha256").hexdigest()


def end_of_time() -> datetime:
    """Return the end of what has none, for columns that need one."""
    return datetime(9999, 1, 1, tzinfo=timezone.get_default_timezone())
