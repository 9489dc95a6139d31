"""Pages of a list that is ordered newest first by id: the last page costs what the first does, and nothing is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
PAGE_SIZE = 20


@dataclass
class KeyPage(Generic[M]):
    """One page. `newer` and `older` are what ?before= and ?after= carry, None where there is nothing further that way."""

    rows: list[M]
    newer: int | None
    older: int | None


def page_by_id(rows: QuerySet[M], asked: Mapping[str, str], *, size: int = PAGE_SIZE) -> KeyPage[M]:
    """Return the page `asked` for by ?after= or ?before=; what is no id is the first page. One query."""
    after, before = _id(asked.get("after", "")), _id(asked.get("before", ""))
    if before is not None:
        found = list(rows.filter(pk__gt=before).order_by("pk")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return KeyPage(found, found[0].pk if more else None, found[-1].pk if found else None)
    found = list((rows if after is None else rows.filter(pk__lt=after)).order_by("-pk")[: size + 1])
    more, found = len(found) > size, found[:size]
    return KeyPage(
        found, found[0].pk if found and after is not None else None, found[-1].pk if more else None
    )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
