"""Restrictions in force: written by moderation, obeyed by everyone on the next request."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.models import Profile, User

Check = Callable[[Profile], str | None]
Distance = Callable[[Profile], frozenset[int]]
Door = Callable[[User], str | None]
SessionDoor = Callable[[str], str | None]
_checks: list[Check] = []
_distances: list[Distance] = []
_doors: list[Door] = []
_session_doors: list[SessionDoor] = []


def register_check(check: Check) -> None:
    """Add a check: it returns the sentence a restricted person reads, or None."""
    if check not in _checks:
        _checks.append(check)


def refusal_for(profile: Profile) -> str | None:
    """Return why `profile` may not write at the moment, or None."""
    if profile.deactivated_at is not None:
        return _("This account is closed.")
    if profile.user is not None and not profile.user.is_active:
        return _("This account is suspended.")
    return next((sentence for check in _checks if (sentence := check(profile))), None)


def is_restricted(profile: Profile) -> bool:
    """Say without a query whether moderation limits the person at all at the moment."""
    return profile.restricted_until is not None and profile.restricted_until > timezone.now()


def register_distance(read: Distance) -> None:
    """Add a reader of the ids of those a person is to keep apart from. It is asked about restricted people only."""
    if read not in _distances:
        _distances.append(read)


def apart_from(profile: Profile) -> frozenset[int]:
    """Return the ids of those with whom `profile` has no contact: no replies, mentions or notifications, either way."""
    if not is_restricted(profile):
        return frozenset()
    return frozenset().union(*(read(profile) for read in _distances))


def why_no_contact(profile: Profile, others: Iterable[int]) -> str | None:
    """Return why `profile` may not reply to or mention one of `others` (ids), or None."""
    apart = apart_from(profile)
    wanted = apart.intersection(others) if apart else apart
    other = Profile.objects.filter(pk__in=wanted).order_by("pk").first() if wanted else None
    if other is None:
        return None
    return _("You have a no-contact order with %(name)s, so you can’t reply to or mention each other.") % {
        "name": other.name
    }


def register_door(find: Door) -> None:
    """Add a finder of the page where somebody who is kept out reads why: a path, or None."""
    if find not in _doors:
        _doors.append(find)


def door_for(user: User) -> str | None:
    """Return the page for somebody who showed who they are and is kept out, or None when nobody knows one."""
    return next((path for find in _doors if (path := find(user))), None)


def register_session_door(find: SessionDoor) -> None:
    """Add a finder of the page that says why a session was ended, by the session's key: a path, or None."""
    if find not in _session_doors:
        _session_doors.append(find)


def door_for_session(session_key: str) -> str | None:
    """Return the page that says why a session was ended, or None. It is asked only about cookies whose session is gone."""
    return next((path for find in _session_doors if (path := find(session_key))), None)
