"""Buttons in the header of a profile's page. Apps on the right add theirs in `ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from profiles.http import HttpRequest
from profiles.models import Profile


@dataclass(frozen=True)
class HeaderPart:
    """`template` shows what `context(request, profile)` returns, as `part`, to those for whom `is_open`; lowest `place` first."""

    key: str
    template: str
    context: Callable[[HttpRequest, Profile], dict[str, object]]
    is_open: Callable[[Profile | None, Profile], bool]
    place: int = 50


_parts: dict[str, HeaderPart] = {}


def add_part(part: HeaderPart) -> None:
    """Add a part, or replace the one with its key."""
    _parts[part.key] = part


def parts_for(request: HttpRequest, profile: Profile) -> list[dict[str, object]]:
    """Return the template and the context of each part that the viewer sees."""
    viewer: Profile | None = request.viewer
    shown = sorted(
        (one for one in _parts.values() if one.is_open(viewer, profile)), key=lambda one: one.place
    )
    return [{"template": one.template, "part": one.context(request, profile)} for one in shown]
