"""Sections of the moderator panel under a question. Apps on the right add theirs in `ready`: tags, notes, a timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from forums.models import Thread
from profiles.http import HttpRequest

Read = Callable[[HttpRequest, Thread], dict[str, object] | None]


@dataclass(frozen=True)
class Section:
    """`read(request, thread)` returns what `template` shows, or None when there is nothing; the lowest `place` is first."""

    key: str
    label: str | Promise
    template: str
    read: Read
    place: int = 50


@dataclass(frozen=True)
class Shown:
    """A section with what it shows."""

    section: Section
    facts: dict[str, object]


_sections: dict[str, Section] = {}


def add_section(section: Section) -> None:
    """Add a section, or replace the one with its key."""
    _sections[section.key] = section


def sections_for(request: HttpRequest, thread: Thread) -> list[Shown]:
    """Return what the panel of a thread shows."""
    found = []
    for section in sorted(_sections.values(), key=lambda one: one.place):
        facts = section.read(request, thread)
        if facts is not None:
            found.append(Shown(section, facts))
    return found
