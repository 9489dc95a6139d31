"""Extension points: an app owns one, and apps to its right fill it in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Registry(Generic[Row]):
    """Rows by key, in order of `place` and then of arrival. A known key is refused, so two apps never share one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._rows: dict[str, tuple[int, Row]] = {}

    def add(self, key: str, row: Row, *, place: int = 0) -> Row:
        """Add `row` and return it. Raises ValueError for a known key."""
        if key in self._rows:
            raise ValueError(f"{self.name} already has {key!r}.")
        self._rows[key] = (place, row)
        return row

    def get(self, key: str) -> Row | None:
        """Return the row of `key`, or None."""
        place_and_row = self._rows.get(key)
        return place_and_row[1] if place_and_row else None

    def names(self) -> list[str]:
        """Return the keys, in order."""
        return sorted(self._rows, key=lambda key: self._rows[key][0])

    def __getitem__(self, key: str) -> Row:
        return self._rows[key][1]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter([self._rows[key][1] for key in self.names()])

    def __len__(self) -> int:
        return len(self._rows)
