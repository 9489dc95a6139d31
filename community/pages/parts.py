"""Parts of a page that come from code, such as a table of what holds: below the text that people edit.

Apps on the right add theirs in `ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """`template` shows what `context()` returns, as `part`. Nothing personal: pages are the same for everybody."""

    template: str
    context: Callable[[], dict[str, object]]


_parts: dict[str, Part] = {}


def add_part(slug: str, part: Part) -> None:
    """Show `part` on the page `slug`."""
    _parts[slug] = part


def part_of(slug: str) -> Part | None:
    """Return the part of a page, or None."""
    return _parts.get(slug)
