"""Restrictions in force: written by moderation, effective on the next request."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from profiles.hooks import hooks
from profiles.models import Profile


def refusal_for(profile: Profile) -> str | None:
    """Return why `profile` may not post at the moment, or None."""
    if profile.deactivated_at is not None:
        return _("This account is closed.")
    if profile.user is not None and not profile.user.is_active:
        return _("This account is suspended.")
    return hooks.why_not_post(profile)


def is_restricted(profile: Profile) -> bool:
    """Return whether a moderation restriction is in force. Makes no query."""
    return profile.restricted_until is not None and profile.restricted_until > timezone.now()


def apart_from(profile: Profile) -> frozenset[int]:
    """Return the ids of those with a no-contact order: no replies, mentions or notifications, in either direction."""
    return hooks.no_contacts(profile) if is_restricted(profile) else frozenset()


def why_no_contact(profile: Profile, others: Iterable[int]) -> str | None:
    """Return why `profile` may not reply to or mention one of `others` (ids), or None."""
    apart = apart_from(profile)
    forbidden = apart.intersection(others) if apart else apart
    other = Profile.objects.filter(pk__in=forbidden).order_by("pk").first() if forbidden else None
    if other is None:
        return None
    return _("You have a no-contact order with %(name)s, so you can’t reply to or mention each other.") % {
        "name": other.name
    }
