"""Roles: what a person may do, effective on their next request."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from profiles.groups import MODERATORS, sync_groups
from profiles.models import Profile, Role, User
from profiles.permissions import is_admin


def set_role(actor: Profile | None, profile: Profile, role: str, *, by_hand: bool = True) -> None:
    """Give a role, by an admin or (`actor` None) by Hearth itself: a command, a team membership.

    A role set by hand stays when team memberships change. Raises PermissionDenied, or ValidationError for a
    role that does not exist, an unclaimed profile, and the last admin. Locks the account.
    """
    if actor is not None and not is_admin(actor):
        raise PermissionDenied(_("Only admins can change roles."))
    if role not in Role.values:
        raise ValidationError({"role": [_("Choose a role from the list.")]})
    if profile.user_id is None:
        raise ValidationError({"role": [_("This profile has no account, so it can’t have a role.")]})
    chosen = Role(role)
    with transaction.atomic():
        user, other_admins = lock_accounts(profile.user_id)
        before = Role(user.role)
        if before == chosen and user.role_set_by_hand == by_hand:
            return
        if before == Role.ADMIN and chosen != Role.ADMIN and not other_admins:
            raise ValidationError({"role": [_("This is the only admin. Make someone else an admin first.")]})
        _apply(user, chosen, by_hand=by_hand)
        Profile.objects.filter(pk=profile.pk).update(role=chosen)
        profile.role, profile.user = chosen, user
        if before != chosen:
            pagecache.bump(pagecache.SITE)
            record(
                "role.changed",
                actor_id=actor.pk if actor else None,
                target=f"profile:{profile.pk}",
                before={"role": before.value},
                after={"role": chosen.value},
            )


def lock_accounts(user_id: int) -> tuple[User, bool]:
    """Lock the account and every admin, in one order, so that two admins cannot demote each other at once.

    Returns the account, and whether there is another admin.
    """
    locked = list(
        User.objects.select_for_update(of=("self",))
        .filter(Q(pk=user_id) | Q(role=Role.ADMIN, is_active=True))
        .order_by("pk")
    )
    return next(user for user in locked if user.pk == user_id), any(
        user.role == Role.ADMIN for user in locked if user.pk != user_id
    )


def _apply(user: User, role: Role, *, by_hand: bool) -> None:
    """Make the account's flags and group follow its role."""
    user.role = role
    user.role_set_by_hand = by_hand
    user.is_staff = role in (Role.MODERATOR, Role.ADMIN)
    user.is_superuser = role == Role.ADMIN
    user.save(update_fields=["role", "role_set_by_hand", "is_staff", "is_superuser"])
    group, made = Group.objects.get_or_create(name=MODERATORS)
    if made:
        sync_groups()
    if role == Role.MODERATOR:
        user.groups.add(group)
    else:
        user.groups.remove(group)
