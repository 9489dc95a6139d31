"""People with points, and things to spend them on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from points.actions.codes import upload_codes
from points.actions.ledger import book
from points.models import Achievement, AchievementGroup, Gift, Kind, Reward
from profiles.models import Profile


@pytest.fixture
def give():
    """Give points, as a gift from a bot that has no limits: give(alice, 10)."""
    numbers = iter(range(1, 10_000))

    def act(profile, points):
        giver, _made = Profile.objects.get_or_create(
            handle="treasury", defaults={"name": "Treasury", "is_bot": True}
        )
        paid, _made = book(
            profile.pk, Kind.GIFT, points, cause=f"test:{profile.pk}:{next(numbers)}", actor_id=giver.pk
        )
        Gift.objects.create(giver=giver, receiver=profile, points=points, transaction=paid)

    return act


@pytest.fixture
def reward(db):
    """Make a reward: reward("sticker", price=10, stock=5, needs_address=True)."""

    def make(slug, **fields):
        fields = {"title": slug.title(), "price": 10, "published_at": timezone.now(), **fields}
        fields.setdefault("stocked", fields.get("stock") or 0)
        return Reward.objects.create(slug=slug, **fields)

    return make


@pytest.fixture
def credit(reward, root):
    """A merch credit with codes: credit("voucher", ["AAA", "BBB"])."""

    def make(slug, codes, **fields):
        made = reward(slug, kind="credit", store_url="https://shop.example.com/discount/{code}", **fields)
        if codes:
            upload_codes(root, made, "\n".join(codes))
        return made

    return make


@pytest.fixture
def achievement(db):
    """Make an achievement: achievement("first-bio", trigger="bio-written", points=5); a draft with published_at=None."""

    def make(slug, **fields):
        group, _made = AchievementGroup.objects.get_or_create(name=fields.pop("group", "Being here"))
        fields = {
            "title": slug.replace("-", " ").capitalize(),
            "description": "For that.",
            "published_at": timezone.now(),
            **fields,
        }
        level = group.achievements.count() + 1
        return Achievement.objects.create(slug=slug, group=group, **{"level": level, **fields})

    return make


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what waits for the commit: with committed(): update_profile(…)."""
    return lambda: django_capture_on_commit_callbacks(execute=True)
