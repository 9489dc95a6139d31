"""Registries keep an order and refuse a key they know."""

from __future__ import annotations

import pytest

from community.lib.registry import Registry


def test_registry_orders_by_place_then_arrival():
    registry: Registry[str] = Registry("tabs")
    for key, place in (("late", 9), ("first", 0), ("second", 0)):
        registry.add(key, key.upper(), place=place)
    assert registry.names() == ["first", "second", "late"]
    assert list(registry) == ["FIRST", "SECOND", "LATE"]
    assert (registry.get("late"), registry.get("none"), "first" in registry) == ("LATE", None, True)


def test_registry_refuses_a_known_key():
    registry: Registry[int] = Registry("kinds")
    registry.add("reply", 1)
    with pytest.raises(ValueError, match="kinds already has 'reply'"):
        registry.add("reply", 2)
    assert registry["reply"] == 1
