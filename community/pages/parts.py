"""Parts of the site's own pages that come from code, such as the table of points rules; shown below the edited text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from community.lib.registry import Registry


@dataclass(frozen=True)
class Part:
    """`template` shows `context()` as `part`. Pages are the same for everyone, so parts contain nothing personal."""

    template: str
    context: Callable[[], dict[str, object]]


PARTS: Registry[Part] = Registry("Parts of pages")
