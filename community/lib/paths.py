"""What the URLconf says about addresses, so that no second list of them is kept."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver


@cache
def words_under(prefix: str) -> frozenset[str]:
    """Return the words that follow `prefix` ("questions/") as a segment of their own in any address of the site."""
    tails = (route.removeprefix(prefix) for route in _routes(get_resolver(), "") if route.startswith(prefix))
    first = (tail.partition("/")[0] for tail in tails)
    return frozenset(word for word in first if word and "<" not in word)


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = f"{before}{str(entry.pattern).removeprefix('^')}"
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from _routes(entry, route)
