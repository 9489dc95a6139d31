"""Rewards, and their codes."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RewardKind(models.TextChoices):
    PRODUCT = "product", _("Product")
    CREDIT = "credit", _("Merch credit")


class Audience(models.TextChoices):
    ALL = "all", _("Everyone")
    LEVEL = "level", _("Members from a level")
    ACHIEVEMENT = "achievement", _("Holders of an achievement")
    CHOSEN = "chosen", _("Chosen members")


class Drawing(models.TextChoices):
    """Drawings for rewards without a picture: `templates/points/drawings/<name>.html`."""

    GIFT = "gift", _("Parcel")
    STICKER = "sticker", _("Sticker sheet")
    VOUCHER = "voucher", _("Voucher")
    TALK = "talk", _("Two people talking")
    MUG = "mug", _("Mug")


class RewardQuerySet(models.QuerySet["Reward"]):
    def published(self) -> RewardQuerySet:
        """Rewards that are shown; `points.permissions` decides who can redeem them."""
        return self.filter(published_at__lte=timezone.now(), retired_at=None)


class Reward(models.Model):
    kind = models.CharField(_("kind"), max_length=8, choices=RewardKind.choices, default=RewardKind.PRODUCT)
    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    summary = models.CharField(
        _("summary"), max_length=200, blank=True, help_text=_("One line, shown below the title.")
    )
    price = models.PositiveIntegerField(_("price"), help_text=_("In points, at least 1."))
    picture = models.CharField(max_length=200, blank=True, editable=False, help_text=_("Storage name."))
    drawing = models.CharField(_("drawing"), max_length=12, choices=Drawing.choices, default=Drawing.GIFT)
    stock = models.PositiveIntegerField(
        _("stock"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Units left; empty: no limit."),
    )
    stocked = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Units ever added, minus those removed.")
    )
    low_stock = models.PositiveIntegerField(
        _("warn below"), default=5, help_text=_("Admins are notified when fewer units or codes are left.")
    )
    member_limit = models.PositiveSmallIntegerField(
        _("limit per member"), null=True, blank=True, default=1, help_text=_("Leave empty for no limit.")
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
        "profiles.Profile", related_name="+", blank=True, verbose_name=_("chosen members")
    )
    needs_address = models.BooleanField(_("needs a shipping address"), default=False)
    store_url = models.CharField(
        _("store URL"),
        max_length=500,
        blank=True,
        help_text=_("Where members use a code, such as https://shop.example.com/discount/{code}."),
    )
    terms = models.CharField(
        _("terms"),
        max_length=200,
        blank=True,
        help_text=_("Shown after redeeming, such as: One use, until December."),
    )
    cost = models.DecimalField(
        _("cost"),
        max_digits=8,
        decimal_places=2,
        default=0,
        help_text=_("What one unit costs you, in your own currency."),
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
    """A voucher code, encrypted. Claimed with a row lock, skipping locked rows; never claimed twice."""

    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="codes")
    sealed = models.TextField(editable=False)
    fingerprint = models.CharField(
        max_length=64, editable=False, help_text=_("Keyed digest, so that a code is not added twice.")
    )
    redemption = models.OneToOneField(
        "points.Redemption", null=True, editable=False, on_delete=models.PROTECT, related_name="code"
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    claimed_at = models.DateTimeField(_("claimed"), null=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        constraints = [models.UniqueConstraint(fields=["fingerprint"], name="code_is_had_once")]
        indexes = [models.Index(fields=["reward", "id"], condition=Q(redemption=None), name="code_free")]

    def __str__(self) -> str:
        return f"Code {self.pk}"
