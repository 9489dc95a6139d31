"""What a moderator can still award today, and who was awarded points recently."""

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
    """Return how many points the giver can still award on the day of `now`."""
    start, end = day_of(now or timezone.now())
    gifts = Gift.objects.filter(giver=giver, created_at__gte=start, created_at__lt=end)
    given: int = gifts.aggregate(total=Sum("points"))["total"] or 0
    limit: int = settings.GIFT_POINTS_PER_DAY
    return max(0, limit - given)


def thanked_lately(profile_ids: Collection[int]) -> dict[int, Gift]:
    """Return the newest gift of the past 30 days by receiver, with its giver and reason, in one query."""
    recent = Gift.objects.filter(receiver__in=profile_ids, created_at__gte=timezone.now() - LATELY)
    newest = recent.order_by("receiver_id", "-created_at").distinct("receiver_id")
    return {
        gift.receiver_id: gift for gift in newest.select_related("giver", "category", "transaction__detail")
    }


def offered_categories() -> QuerySet[GiftCategory]:
    """Return the categories that can be chosen."""
    return GiftCategory.objects.filter(is_offered=True)
