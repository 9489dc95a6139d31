"""Reading gifts: what a giver has left, and who was thanked lately."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from points.models import Gift, GiftCategory
from points.policy import day_of
from profiles.models import Profile

LATELY = timedelta(days=30)


def left_today(giver: Profile, now: datetime | None = None) -> int:
    """Return how many points the giver may still give on the day of `now`."""
    start, end = day_of(now or timezone.now())
    gifts = Gift.objects.filter(giver=giver, created_at__gte=start, created_at__lt=end)
    given: int = gifts.aggregate(total=Sum("points"))["total"] or 0
    limit: int = settings.GIFT_POINTS_PER_DAY
    return max(0, limit - given)


def thanked_lately(profile_ids: Collection[int]) -> dict[int, Gift]:
    """Return the newest gift of the last weeks by receiver, with its giver and words: one query for everybody."""
    recent = Gift.objects.filter(receiver__in=profile_ids, created_at__gte=timezone.now() - LATELY)
    newest = recent.order_by("receiver_id", "-created_at").distinct("receiver_id")
    return {
        gift.receiver_id: gift for gift in newest.select_related("giver", "category", "transaction__detail")
    }


def offered_categories() -> QuerySet[GiftCategory]:
    """Return the kinds of reason that can be chosen."""
    return GiftCategory.objects.filter(is_offered=True)
