"""Keyset pages: the last page is as fast as the first, no rows are counted, and writes never repeat or skip a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
PAGE_SIZE = 20


@dataclass
class Slice(Generic[M]):
    """One page of rows, and whether there are rows after and before it."""

    rows: list[M]
    has_next: bool
    has_previous: bool


@dataclass
class KeyPage(Generic[M]):
    """One page, newest first. `newer` and `older` are the values for ?before= and ?after=, None at the ends."""

    rows: list[M]
    newer: int | None
    older: int | None


def slice_of(
    rows: QuerySet[M], fields: Sequence[str], position: Sequence[Any] | None, *, backwards: bool, size: int
) -> Slice[M]:
    """Return the rows after `position`, or before it if `backwards`; the first page without one. One statement.

    `rows` is ordered by `fields`, the last of which is unique; `position` holds a row's values of them.
    """
    if backwards:
        rows = rows.order_by(*(field[1:] if field.startswith("-") else f"-{field}" for field in fields))
    if position is not None:
        rows = rows.filter(_after(fields, position, backwards=backwards))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        return Slice(found[::-1], bool(found), more)
    return Slice(found, more, position is not None and bool(found))


def page_by_id(rows: QuerySet[M], asked: Mapping[str, str], *, size: int = PAGE_SIZE) -> KeyPage[M]:
    """Return the page for ?after= or ?before=, the first page if neither is an id. One statement."""
    after, before = _id(asked.get("after", "")), _id(asked.get("before", ""))
    key = after if before is None else before
    page = slice_of(
        rows.order_by("-pk"), ["-pk"], None if key is None else [key], backwards=before is not None, size=size
    )
    newer = page.rows[0].pk if page.rows and page.has_previous else None
    return KeyPage(page.rows, newer, page.rows[-1].pk if page.rows and page.has_next else None)


def value_of(row: Any, field: str) -> Any:
    """Return a row's value of a field of `order_by`."""
    for name in field.lstrip("-").split("__"):
        row = getattr(row, name)
    return row


def _after(fields: Sequence[str], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition for rows that come after `values`.

    The first column is also bounded on its own: that redundant part is what an index walks.
    """
    condition, equal = Q(), Q()
    for place, (field, value) in enumerate(zip(fields, values, strict=True)):
        name, downwards = field.lstrip("-"), field.startswith("-") != backwards
        condition |= equal & Q(**{f"{name}__{'lt' if downwards else 'gt'}": value})
        if place == 0:
            bound = Q(**{f"{name}__{'lte' if downwards else 'gte'}": value})
        equal &= Q(**{name: value})
    return bound & condition


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
