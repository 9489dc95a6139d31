"""What templates ask about moderators."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from moderation.queries.waiting import work_for
from profiles.models import Profile
from profiles.permissions import is_moderator

register = template.Library()


@register.filter
def work(viewer: Profile | None) -> Mapping[str, int] | None:
    """Return what waits for a moderator, read once a request; None, without a statement, for everybody else."""
    if viewer is None or not is_moderator(viewer):
        return None
    if not hasattr(viewer, "moderation_work"):
        viewer.moderation_work = work_for(viewer)  # type: ignore[attr-defined]
    return viewer.moderation_work  # type: ignore[attr-defined,no-any-return]
