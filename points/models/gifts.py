"""Points that a moderator awarded, with a reason."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from points.models.ledger import Transaction
from profiles.models import Profile


class GiftCategory(models.Model):
    """What points are awarded for. One that is no longer offered stays with the points awarded for it."""

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("points category")
        verbose_name_plural = _("points categories")

    def __str__(self) -> str:
        return self.name


class Gift(models.Model):
    """Who awarded points to whom, and in which category.

    The reason is the transaction's, which can be erased.
    """

    giver = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    receiver = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    points = models.PositiveIntegerField(_("points"))
    # Optional in the API, required in the form.
    category = models.ForeignKey(
        GiftCategory, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    transaction = models.OneToOneField(
        Transaction, on_delete=models.PROTECT, related_name="gift", verbose_name=_("transaction")
    )
    created_at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("points awarded")
        verbose_name_plural = _("points awarded")
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1), name="gift_gives_something"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="gift_to_somebody_else"),
        ]
        indexes = [
            models.Index(fields=["giver", "created_at"], name="gift_by_giver"),
            models.Index(fields=["receiver", "-created_at"], name="gift_by_receiver"),
        ]

    def __str__(self) -> str:
        return f"Points awarded {self.pk}"
