"""The site's menus. Apps add their links when they load; templates draw them with the filter `menu`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from community.lib.registry import Registry


def _everyone(viewer: Any) -> bool:
    return True


@dataclass(frozen=True)
class Link:
    """`url` is a URL name, or a function of the viewer. `shown` and `count` take the viewer, None for guests.

    `count` is asked on every page: the counts of one menu come from at most one statement, read once a request.
    """

    key: str
    label: str | Promise
    url: str | Callable[[Any], str]
    icon: str = ""
    shown: Callable[[Any], bool] = _everyone
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A link as one viewer sees it."""

    key: str
    label: str | Promise
    url: str
    icon: str
    count: int


MENUS: dict[str, Registry[Link]] = {
    name: Registry(f"The menu {name}") for name in ("top_bar", "user", "moderation")
}


def add_link(menu: str, link: Link, *, place: int = 0) -> None:
    """Add `link` to a menu of `MENUS`. Raises ValueError for a key the menu already has."""
    MENUS[menu].add(link.key, link, place=place)


def items_for(viewer: Any, menu: str) -> Iterator[MenuItem]:
    """Yield the links of a menu that `viewer` sees, in order of place."""
    for link in MENUS[menu]:
        if link.shown(viewer):
            url = link.url(viewer) if callable(link.url) else _path(link.url)
            yield MenuItem(link.key, link.label, url, link.icon, link.count(viewer) if link.count else 0)


@cache
def _path(url_name: str) -> str:
    return reverse(url_name)
