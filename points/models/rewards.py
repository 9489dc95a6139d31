"""What can be had for points, and the codes that are given out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RewardKind(models.TextChoices):
    PRODUCT = "product", _("Product")
    CREDIT = "credit", _("Merch credit")


class Audience(models.TextChoices):
    ALL = "all", _("Everybody")
    LEVEL = "level", _("From a level on")
    ACHIEVEMENT = "achievement", _("Holders of an achievement")
    CHOSEN = "chosen", _("Chosen people")


class Drawing(models.TextChoices):
    """Drawings that stand in the niche where there is no picture: `templates/points/drawings/<name>.html`."""

    GIFT = "gift", _("Parcel")
    STICKER = "sticker", _("Sticker sheet")
    VOUCHER = "voucher", _("Voucher")
    TALK = "talk", _("Two people talking")
    MUG = "mug", _("Mug")


class RewardQuerySet(models.QuerySet["Reward"]):
    def published(self) -> RewardQuerySet:
        """Rewards that are shown; whether one can be redeemed now and by whom is `points.permissions`' to say."""
        return self.filter(published_at__lte=timezone.now(), retired_at=None)


class Reward(models.Model):
    kind = models.CharField(_("kind"), max_length=8, choices=RewardKind.choices, default=RewardKind.PRODUCT)
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    summary = models.CharField(
        _("summary"), max_length=200, blank=True, help_text=_("One line below the title.")
    )
    price = models.PositiveIntegerField(_("price"), help_text=_("In points, at least 1."))
    picture = models.CharField(max_length=200, blank=True, editable=False, help_text=_("Storage name."))
    drawing = models.CharField(_("drawing"), max_length=12, choices=Drawing.choices, default=Drawing.GIFT)
    stock = models.PositiveIntegerField(
        _("stock"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Units left; empty: as many as are asked for."),
    )
    stocked = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Units ever put in, less those taken out.")
    )
    low_stock = models.PositiveIntegerField(_("warn below"), default=5, help_text=_("Units or codes left."))
    member_limit = models.PositiveSmallIntegerField(
        _("limit per member"), null=True, blank=True, default=1, help_text=_("Empty: no limit.")
    )
    opens_at = models.DateTimeField(_("from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("until"), null=True, blank=True)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.ALL)
    audience_value = models.CharField(
        _("level or achievement"),
        max_length=80,
        blank=True,
        help_text=_("The level's number, or the achievement's slug."),
    )
    chosen = models.ManyToManyField(
        "profiles.Profile", related_name="+", blank=True, verbose_name=_("chosen people")
    )
    needs_address = models.BooleanField(_("needs an address"), default=False)
    store_url = models.CharField(
        _("store address"),
        max_length=500,
        blank=True,
        help_text=_("Where a code is used, such as https://shop.example.com/discount/{code}."),
    )
    terms = models.CharField(
        _("terms"),
        max_length=200,
        blank=True,
        help_text=_("Shown once it is theirs: One use, until December."),
    )
    cost = models.DecimalField(
        _("cost"),
        max_digits=8,
        decimal_places=2,
        default=0,
        help_text=_("What one costs us, in the currency of your reports."),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RewardQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        ordering = ["position", "price", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=1), name="reward_costs_points"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="reward_costs_us_nothing_or_more"),
            models.CheckConstraint(
                condition=Q(stock=None) | Q(kind="product"), name="reward_credit_counts_codes"
            ),
            models.CheckConstraint(
                condition=Q(needs_address=False) | Q(kind="product"), name="reward_credit_is_not_posted"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Code(models.Model):
    """One voucher, sealed. Claimed by row lock, skipping those that others hold; never given out twice."""

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="codes")
    sealed = models.TextField(editable=False)
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text=_("Keyed digest, so that a code is not added twice.")
    )
    redemption = models.OneToOneField(
        "points.Redemption", null=True, editable=False, on_delete=models.PROTECT, related_name="code"
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    claimed_at = models.DateTimeField(_("given out"), null=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [models.UniqueConstraint(fields=["fingerprint"], name="code_is_had_once")]
        indexes = [models.Index(fields=["reward", "id"], condition=Q(redemption=None), name="code_free")]

    def __str__(self) -> str:
        return f"Code {self.pk}"
