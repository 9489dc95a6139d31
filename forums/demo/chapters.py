"""What apps on the right add to the demo community, in `ready`; run in order, by the same actions as everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from profiles.models import Profile

Chapter = Callable[[Mapping[str, Profile]], None]
_chapters: list[Chapter] = []


def add_chapter(fill: Chapter) -> None:
    """Let `fill(people by key)` write its part once people and threads are there."""
    _chapters.append(fill)


def fill_chapters(people: Mapping[str, Profile]) -> None:
    """Write every part."""
    for fill in _chapters:
        fill(people)
