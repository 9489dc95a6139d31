"""Tabs of a profile's page. Apps on the right add theirs in `ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

from profiles.models import Profile


@dataclass(frozen=True)
class Tab:
    """`context(request, profile)` returns what `template` shows; `is_open` says to whom it shows; the lowest `place` is first."""

    key: str
    label: str | Promise
    template: str
    context: Callable[[HttpRequest, Profile], dict[str, object]]
    is_open: Callable[[Profile | None, Profile], bool] = lambda viewer, profile: True
    place: int = 50


_tabs: dict[str, Tab] = {}


def add_tab(tab: Tab) -> None:
    """Add a tab, or replace the one with its key."""
    _tabs[tab.key] = tab


def tabs_for(viewer: Profile | None, profile: Profile) -> list[Tab]:
    """Return the tabs `viewer` sees on `profile`'s page."""
    return sorted((tab for tab in _tabs.values() if tab.is_open(viewer, profile)), key=lambda tab: tab.place)


def open_tab(key: str, viewer: Profile | None, profile: Profile) -> tuple[Tab | None, list[Tab]]:
    """Return the tab asked for (or the first) and all that `viewer` sees."""
    tabs = tabs_for(viewer, profile)
    return next((tab for tab in tabs if tab.key == key), tabs[0] if tabs else None), tabs
