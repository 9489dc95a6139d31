"""People with points, and things to spend them on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from points.actions.codes import upload_codes
from points.actions.ledger import book
from points.models import Kind, Reward


@pytest.fixture
def give():
    """Give points: give(alice, 10)."""
    numbers = iter(range(1, 10_000))

    def act(profile, points):
        book(profile.pk, Kind.GIFT, points, cause=f"test:{profile.pk}:{next(numbers)}")

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
