"""Restrictions in force: written by moderation, obeyed by everyone on the next request."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from profiles.models import Profile

Check = Callable[[Profile], str | None]
_checks: list[Check] = []


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
