"""Registry of exporters: what each app knows about a person, for the zip they can ask for. Apps fill it in `ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from profiles.models import Profile


@dataclass(frozen=True)
class Part:
    """One file of the zip: text as it is, anything else as JSON, or a file of the storage by its name there."""

    path: str
    content: Any = None
    stored: str = ""


Exporter = Callable[[Profile], Iterable[Part]]
_exporters: list[Exporter] = []


def register_exporter(parts_of: Exporter) -> None:
    """Add `parts_of(profile)`, which yields the files of an app: only what the person may see of themselves."""
    if parts_of not in _exporters:
        _exporters.append(parts_of)


def parts_about(profile: Profile) -> Iterator[Part]:
    """Yield everything the apps know about the person."""
    for parts_of in _exporters:
        yield from parts_of(profile)
