"""What a role allows. Every function takes None for a guest."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from profiles.models import Profile, Role, Team, TeamMembership

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


def why_not_reverse(actor: Profile | None, decider: Profile | None) -> str | None:
    """Return why `actor` cannot reverse what `decider` decided, or None: champions cannot reverse moderators and admins."""
    if not is_moderator(decider) or is_moderator(actor):
        return None
    return _("A moderator made this decision, so only a moderator can undo it.")


def require_admin(profile: Profile | None) -> None:
    """Raise PermissionDenied for everybody but admins."""
    if not is_admin(profile):
        raise PermissionDenied(_("Only admins can do this."))


def require_moderator(profile: Profile | None) -> None:
    """Raise PermissionDenied for everybody below moderator."""
    if not is_moderator(profile):
        raise PermissionDenied(_("Only moderators can do this."))


def may_edit_team(profile: Profile | None, team: Team) -> bool:
    """Admins, and the team's own leads while their role counts."""
    if is_admin(profile):
        return True
    return (
        is_moderator(profile)
        and TeamMembership.objects.filter(team=team, profile=profile, is_lead=True).exists()
    )


def require_team_editor(profile: Profile | None, team: Team) -> None:
    """Raise PermissionDenied for everybody but admins and the team's leads."""
    if not may_edit_team(profile, team):
        raise PermissionDenied(_("Only the team’s leads and admins can change this."))
