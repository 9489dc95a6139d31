"""What apps to the right add to a profile in the API: they fill these in when they are ready."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from profiles.models import Profile

Achievements = Callable[[Sequence[int]], dict[int, list[dict[str, Any]]]]
Points = Callable[[Profile], int]

_achievements: list[Achievements] = []
_points: list[Points] = []


def register(*, achievements: Achievements | None = None, points: Points | None = None) -> None:
    """Say how to read achievements (of many profiles at once, by id) or the balance of points."""
    if achievements is not None:
        _achievements.append(achievements)
    if points is not None:
        _points.append(points)


def achievements_of(profile_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return achievements by profile id; profiles without any may be missing."""
    found: dict[int, list[dict[str, Any]]] = {}
    for read in _achievements:
        for profile_id, rows in read(profile_ids).items():
            found.setdefault(profile_id, []).extend(rows)
    return found


def points_of(profile: Profile) -> int:
    """Return the balance; 0 until there are points."""
    return sum(read(profile) for read in _points)
