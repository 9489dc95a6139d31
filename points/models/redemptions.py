"""Redemptions of rewards, and their orders."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points.models.ledger import Transaction
from points.models.rewards import Reward
from profiles.models import Profile


class RedemptionQuerySet(models.QuerySet["Redemption"]):
    def visible_to(self, viewer: Profile | None) -> RedemptionQuerySet:
        """The viewer's own; moderators use Django admin."""
        return self.filter(profile=viewer) if viewer else self.none()

    def kept(self) -> RedemptionQuerySet:
        """Those not refunded."""
        return self.filter(refunded_at=None)


class Redemption(models.Model):
    """Reserved when the points are spent, fulfilled when it is delivered, refunded otherwise."""

    profile = models.ForeignKey(
        Profile, on_delete=models.PROTECT, related_name="redemptions", verbose_name=_("member")
    )
    reward = models.ForeignKey(
        Reward, on_delete=models.PROTECT, related_name="redemptions", verbose_name=_("reward")
    )
    transaction = models.OneToOneField(Transaction, on_delete=models.PROTECT, related_name="redemption")
    title = models.CharField(_("title"), max_length=120, help_text=_("The title of the reward at the time."))
    price = models.PositiveIntegerField(_("price"))
    cost = models.DecimalField(_("cost"), max_digits=8, decimal_places=2, default=0)
    created_at = models.DateTimeField(_("redeemed"), default=timezone.now)
    fulfilled_at = models.DateTimeField(_("delivered"), null=True)
    fulfilled_by_id = models.BigIntegerField(null=True)
    refunded_at = models.DateTimeField(_("refunded"), null=True)
    refunded_by_id = models.BigIntegerField(null=True)

    objects = RedemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_at=None) | Q(fulfilled_at=None), name="redemption_kept_or_refunded"
            )
        ]
        indexes = [
            models.Index(fields=["profile", "reward"], condition=Q(refunded_at=None), name="redemption_kept"),
            models.Index(fields=["profile", "-id"], name="redemption_by_member"),
            models.Index(
                fields=["-id"], condition=Q(fulfilled_at=None, refunded_at=None), name="redemption_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"

    @property
    def shown_code(self) -> Any:
        """The code that its owner can see: None when there is none, or after a refund."""
        return getattr(self, "code", None) if self.refunded_at is None else None

    @property
    def state(self) -> str:
        """One of reserved, fulfilled, refunded."""
        return "refunded" if self.refunded_at else "fulfilled" if self.fulfilled_at else "reserved"


class Order(models.Model):
    """The shipment of a redeemed product.

    The shipping address is encrypted, and erased a term after it was sent.
    """

    redemption = models.OneToOneField(Redemption, on_delete=models.PROTECT, related_name="order")
    sealed_address = models.TextField(blank=True, editable=False)
    placed_at = models.DateTimeField(_("ordered"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    sent_by_id = models.BigIntegerField(null=True)
    tracking = models.CharField(
        _("tracking number"), max_length=200, blank=True, help_text=_("Tracking number or link.")
    )
    erased_at = models.DateTimeField(_("shipping address erased"), null=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        indexes = [models.Index(fields=["placed_at"], condition=Q(sent_at=None), name="order_waiting")]

    def __str__(self) -> str:
        return f"Order {self.pk}"

    @property
    def state(self) -> str:
        """One of ordered, sent."""
        return "sent" if self.sent_at else "ordered"
