"""The stock of rewards."""

from __future__ import annotations

from django.db.models import F, Max, Q, QuerySet

from points.models import Code, Reward, RewardKind

WATCHED = 200


def units_left(reward: Reward) -> int | None:
    """Return how many are left, None without a limit; codes are counted up to the low-stock warning only."""
    if reward.kind == RewardKind.CREDIT:
        return Code.objects.filter(reward=reward, redemption=None)[: reward.low_stock + 1].count()
    return Reward.objects.filter(pk=reward.pk).values_list("stock", flat=True).first()


def watched_rewards() -> QuerySet[Reward]:
    """Return the published rewards that may run out: products with few units, and merch credits."""
    return (
        Reward.objects.published()
        .filter(Q(kind=RewardKind.CREDIT) | Q(stock__lt=F("low_stock")))
        .order_by("pk")[:WATCHED]
    )


def filling_of(reward: Reward) -> str:
    """Return a mark that changes with each refill of the stock, and not with redemptions."""
    if reward.kind == RewardKind.CREDIT:
        return f"c{Code.objects.filter(reward=reward).aggregate(last=Max('pk'))['last'] or 0}"
    return f"u{reward.stocked}"
