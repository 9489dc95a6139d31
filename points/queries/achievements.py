"""Achievements as pages and the API show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.cache import cache
from django.db.models import Count
from django.utils.translation import gettext as _

from points import triggers
from points.models import Achievement, Award
from profiles.models import Profile

SHOWN = 300
SHARE_SECONDS = 300
SHARE_KEY = "achievements:holders"


@dataclass(frozen=True)
class Card:
    """An achievement with one person's progress. `share` is the percentage of members who have it."""

    achievement: Achievement
    award: Award | None
    reached: int | None  # None for guests
    share: int

    @property
    def state(self) -> str:
        """lit: earned; warm: in progress; cold: locked."""
        return "lit" if self.award is not None else "warm" if self.reached else "cold"

    @property
    def how(self) -> str:
        return how_to_earn(self.achievement)

    @property
    def progress(self) -> dict[str, int] | None:
        if self.reached is None:
            return None
        of = self.achievement.threshold
        return {"reached": self.reached if self.award is None else of, "of": of}

    @property
    def earned_at(self) -> datetime | None:
        return self.award.awarded_at if self.award is not None else None


def cards_for(viewer: Profile | None, achievements: Sequence[Achievement] | None = None) -> list[Card]:
    """Return every achievement `viewer` may see, in order, with their progress.

    One query for each trigger, and four more.
    """
    rows = list(all_for(viewer)[:SHOWN]) if achievements is None else achievements
    mine, reached = {}, {}
    if viewer is not None:
        mine = {
            award.achievement_id: award
            for award in Award.objects.in_force().filter(profile=viewer, achievement__in=rows)
        }
        open_keys = sorted({one.trigger for one in rows if one.pk not in mine})
        reached = {key: triggers.count(key, [viewer.pk]).get(viewer.pk, 0) for key in open_keys}
    shares = _shares()
    # The shares are cached: a new owner counts at least as one per cent.
    return [
        Card(
            one,
            mine.get(one.pk),
            min(reached.get(one.trigger, 0), one.threshold) if viewer is not None else None,
            shares.get(one.pk, int(one.pk in mine)),
        )
        for one in rows
    ]


def all_for(viewer: Profile | None) -> Any:
    """Return the achievements `viewer` may see, in the order of their groups and levels."""
    return (
        Achievement.objects.visible_to(viewer)
        .select_related("group")
        .order_by("group__position", "group_id", "level", "id")
    )


def by_group(cards: Sequence[Card]) -> list[tuple[str, list[Card]]]:
    """Group cards, which are in order, by the names of their groups."""
    grouped = groupby(cards, key=lambda card: card.achievement.group)
    return [(group.name, list(members)) for group, members in grouped]


def secret_count(viewer: Profile | None) -> int:
    """Return how many published achievements `viewer` does not see yet."""
    return Achievement.objects.published().count() - Achievement.objects.visible_to(viewer).count()


def awards_shown(profile: Profile, viewer: Profile | None) -> list[Award]:
    """Return the awards that a profile shows, newest first; its owner also sees the hidden ones."""
    awards = Award.objects.visible_to(viewer).filter(profile=profile).select_related("achievement__group")
    return list(awards.order_by("-awarded_at", "-pk")[:SHOWN])


def achievements_of(profile_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the awards of many people for the API, without hidden ones, in one query."""
    found: dict[int, list[dict[str, Any]]] = {}
    awards = (
        Award.objects.visible_to(None).filter(profile__in=profile_ids).select_related("achievement__group")
    )
    for award in awards.order_by("profile", "-awarded_at", "-pk"):
        one = award.achievement
        facts = {name: getattr(one, name) for name in ("slug", "title", "description", "icon", "points")}
        facts |= {"group": one.group.name, "level": one.level, "earned_at": award.awarded_at}
        found.setdefault(award.profile_id, []).append(facts)
    return found


def how_to_earn(achievement: Achievement) -> str:
    """Return how to earn it, in a sentence."""
    trigger = triggers.TRIGGERS.get(achievement.trigger)
    return (
        trigger.how(achievement.threshold)
        if trigger is not None
        else _("This achievement can’t be earned at the moment.")
    )


def _shares() -> dict[int, int]:
    """Return the percentage of members who have each achievement, cached for some minutes."""
    known: dict[int, int] | None = cache.get(SHARE_KEY)
    if known is None:
        members = Profile.objects.filter(user__isnull=False, deactivated_at=None).count() or 1
        held = Award.objects.in_force().order_by().values_list("achievement").annotate(Count("pk"))
        known = {pk: min(100, -(-100 * count // members)) for pk, count in held}
        cache.set(SHARE_KEY, known, SHARE_SECONDS)
    return known
