"""A fixed-window limiter on the shared cache. With the cache away each process counts by itself."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import ngettext

from community.lib.errors import TooMany


@dataclass(frozen=True)
class Left:
    """How many more uses there are, and the seconds until they are counted anew."""

    uses: int
    seconds: int


def check(scope: str, who: str, *, limit: int, seconds: int) -> Left:
    """Count one use of `scope` by `who`; raise TooMany past `limit` uses in a window of `seconds`."""
    window, elapsed = divmod(int(time.time()), seconds)
    key = f"limit:{scope}:{who}:{window}"
    used = 1
    if not cache.add(key, 1, timeout=seconds + 1):
        try:
            used = cache.incr(key)
        except ValueError:  # it expired between the two calls
            used = 1
    if used > limit:
        wait = max(1, seconds - elapsed)
        minutes = max(1, round(wait / 60))
        raise TooMany(
            ngettext(
                "That is a lot at once. Try again in a minute.",
                "That is a lot at once. Try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
            retry_after=wait,
        )
    return Left(limit - used, seconds - elapsed)
