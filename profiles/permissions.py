"""What a role allows. Every function takes None for a guest."""

from __future__ import annotations

from profiles.models import Profile, Role

CHAMPIONS = frozenset({Role.CHAMPION, Role.MODERATOR, Role.ADMIN})
MODERATORS = frozenset({Role.MODERATOR, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})


def is_champion(profile: Profile | None) -> bool:
    """Champion or higher: holds the reversible moderation tools."""
    return _has_one_of(CHAMPIONS, profile)


def is_moderator(profile: Profile | None) -> bool:
    """Moderator or higher."""
    return _has_one_of(MODERATORS, profile)


def is_admin(profile: Profile | None) -> bool:
    """Admin."""
    return _has_one_of(ADMINS, profile)


def _has_one_of(roles: frozenset[Role], profile: Profile | None) -> bool:
    return profile is not None and profile.role in roles and not profile.role_waits
