"""Links of new members are hidden from others until moderation's rule lets them be seen."""

from __future__ import annotations

from collections.abc import Sequence

from profiles.hooks import hooks
from profiles.models import Profile
from profiles.models.profile import Trust


def links_held(profile: Profile) -> bool:
    """Return whether others do not see the member's links yet. Those of known members are never hidden."""
    return profile.trust == Trust.NEW and hooks.hides_links(profile)


def hold_links(viewer: Profile | None, profiles: Sequence[Profile]) -> None:
    """Remove the links and the bio from rows about to be shown to someone else. Nothing is stored."""
    for profile in profiles:
        if (viewer is None or viewer.pk != profile.pk) and links_held(profile):
            profile.links, profile.bio_html = {}, ""
