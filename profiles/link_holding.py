"""May the links of a new member be seen yet? Apps on the right add their rules in `ready`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from profiles.models import Profile
from profiles.models.profile import Trust

Rule = Callable[[Profile], bool]
_rules: list[Rule] = []


def register_rule(holds: Rule) -> None:
    """Add `holds(profile)`: whether links and bio of a new member wait. It reads the row it is given and makes no query."""
    if holds not in _rules:
        _rules.append(holds)


def links_held(profile: Profile) -> bool:
    """Say whether others do not see the person's links yet. Nobody holds those of people who are known."""
    return profile.trust == Trust.NEW and any(holds(profile) for holds in _rules)


def hold_links(viewer: Profile | None, profiles: Sequence[Profile]) -> None:
    """Take the links, and the bio with those in it, off rows that are about to be shown to somebody else. Nothing is stored."""
    for profile in profiles:
        if (viewer is None or viewer.pk != profile.pk) and links_held(profile):
            profile.links, profile.bio_html = {}, ""
