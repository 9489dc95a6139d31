"""What a role allows. Every function takes None for a guest."""

from __future__ import annotations

from profiles.models import Profile, Role

CHAMPIONS = frozenset({Role.CHAMPION, Role.MODERATOR, Role.ADMIN})
MODERATORS = frozenset({Role.MODERATOR, Role.ADMIN})


def is_champion(profile: Profile | None) -> bool:
    """Champion or higher: holds the reversible moderation tools."""
    return profile is not None and profile.role in CHAMPIONS


def is_moderator(profile: Profile | None) -> bool:
    """Moderator or higher."""
    return profile is not None and profile.role in MODERATORS


def is_admin(profile: Profile | None) -> bool:
    """Admin."""
    return profile is not None and profile.role == Role.ADMIN
