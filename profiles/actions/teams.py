"""Teams and their members. Joining a first team makes a moderator; leaving the last one reverts that."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from profiles.actions.avatars import forget_file
from profiles.actions.roles import lock_accounts, set_role
from profiles.models import Profile, Role, Team, TeamMembership, User
from profiles.models.user import RANK
from profiles.names import clean_line
from profiles.permissions import require_admin, require_team_editor

TITLE_LIMIT = 120
TAGLINE_LIMIT = 160


def join_team(
    actor: Profile | None,
    team: Team,
    profile: Profile,
    *,
    title: str = "",
    is_lead: bool = False,
    started_on: date | None = None,
) -> TeamMembership:
    """Add a member to a team.

    For admins (`actor` None: Hearth itself). Their role takes effect on their next request.

    Safe to run twice. Raises PermissionDenied, or ValidationError for a closed account. Locks the profile.
    """
    if actor is not None:
        require_admin(actor)
    with transaction.atomic():
        profile = _locked(profile)
        if profile.deactivated_at is not None:
            raise ValidationError(_("This account is closed."))
        membership, made = TeamMembership.objects.get_or_create(
            team=team,
            profile=profile,
            defaults={"title": clean_line(title, TITLE_LIMIT), "is_lead": is_lead, "started_on": started_on},
        )
        if made:
            _write_first_team(profile)
            raise_role(profile)
            after = {"profile": profile.pk, "is_lead": is_lead}
            _note("team.joined", actor, team, after=after)
    return membership


def leave_team(actor: Profile | None, membership: TeamMembership) -> None:
    """Remove a member from a team; for admins, or Hearth itself.

    Safe to run twice. Raises PermissionDenied. Locks the profile.
    """
    if actor is not None:
        require_admin(actor)
    with transaction.atomic():
        profile = _locked(membership.profile)
        if not TeamMembership.objects.filter(team_id=membership.team_id, profile=profile).delete()[0]:
            return
        _write_first_team(profile)
        _lower_role(profile)
        _note("team.left", actor, membership.team, before={"profile": profile.pk})


def change_membership(
    actor: Profile | None,
    membership: TeamMembership,
    *,
    title: str,
    started_on: date | None,
    is_lead: bool | None = None,
) -> TeamMembership:
    """Change a member's role on a team and its start; for its leads and admins. Only admins change who leads.

    Raises PermissionDenied or ValidationError.
    """
    require_team_editor(actor, membership.team)
    if is_lead is not None and is_lead != membership.is_lead:
        require_admin(actor)
        membership.is_lead = is_lead
    membership.title, membership.started_on = clean_line(title, TITLE_LIMIT), started_on
    with transaction.atomic():
        membership.save(update_fields=["title", "started_on", "is_lead"])
        _note("team.membership_changed", actor, membership.team, after={"profile": membership.profile_id})
    return membership


def change_team(actor: Profile | None, team: Team, *, tagline: str) -> Team:
    """Change a team's tagline; for its leads and admins. Raises PermissionDenied or ValidationError."""
    require_team_editor(actor, team)
    before = team.tagline
    team.tagline = clean_line(tagline, TAGLINE_LIMIT)
    if team.tagline != before:
        with transaction.atomic():
            team.save(update_fields=["tagline"])
            _note("team.changed", actor, team, before={"words": before}, after={"words": team.tagline})
    return team


def delete_team(actor: Profile | None, team: Team) -> None:
    """Delete a team; members without another team get their former role back. Raises PermissionDenied."""
    require_admin(actor)
    for membership in team.memberships.select_related("profile", "team").order_by("profile_id"):
        leave_team(actor, membership)  # each in its own transaction: the log is never held over many people
    with transaction.atomic():
        crest, gone = team.crest, team.pk
        team.delete()
        team.pk = gone
        _note("team.deleted", actor, team)
        if crest:
            forget_file(crest)


def raise_role(profile: Profile) -> None:
    """Make a team member a moderator, unless their role is higher. Unclaimed profiles have no role."""
    if profile.user_id is None or not profile.memberships.exists():
        return
    user = User.objects.get(pk=profile.user_id)
    if RANK[Role(user.role)] >= RANK[Role.MODERATOR]:
        return
    User.objects.filter(pk=user.pk).update(role_off_team=user.role)
    set_role(None, profile, Role.MODERATOR, by_hand=False)


def _lower_role(profile: Profile) -> None:
    """Revert the role of a moderator without a team, unless an admin set it by hand."""
    if profile.user_id is None or profile.memberships.exists():
        return
    user = User.objects.get(pk=profile.user_id)
    if user.role == Role.MODERATOR and not user.role_set_by_hand:
        set_role(None, profile, user.role_off_team or Role.MEMBER, by_hand=False)
    User.objects.filter(pk=user.pk).update(role_off_team="")


def _locked(profile: Profile) -> Profile:
    """Lock the account first, as changes of role do, then the profile."""
    if profile.user_id is not None:
        lock_accounts(profile.user_id)
    return Profile.objects.select_for_update(of=("self",)).get(pk=profile.pk)


def _write_first_team(profile: Profile) -> None:
    """Keep the public byline, which names a person's first team, in line with the memberships."""
    first = profile.memberships.order_by("created_at", "pk").values_list("team_id", flat=True).first()
    Profile.objects.filter(pk=profile.pk).update(team_id=first)


def _note(
    action: str,
    actor: Profile | None,
    team: Team,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    by, target = actor.pk if actor else None, f"team:{team.pk}"
    record(action, actor_id=by, target=target, title=team.name, before=before, after=after)
    pagecache.bump(pagecache.SITE)
