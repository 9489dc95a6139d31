"""Who may see, spend and award points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from points.models import Audience, Award, Reward
from profiles.models import Profile
from profiles.permissions import is_admin, is_moderator
from profiles.restrictions import refusal_for


def may_see_points(viewer: Profile | None, profile: Profile) -> bool:
    """Say whether the points tab opens: to its owner and to moderators."""
    return viewer is not None and (viewer.pk == profile.pk or is_moderator(viewer))


def require_spender(profile: Profile | None) -> Profile:
    """Return who may spend points.

    Raises PermissionDenied with the reason: guest, restricted, unverified, too new.
    """
    if profile is None:
        raise PermissionDenied(_("Sign in to redeem points."))
    if (refusal := refusal_for(profile) or why_not_yet(profile)) is not None:
        raise PermissionDenied(refusal)
    return profile


def why_not_yet(profile: Profile) -> str | None:
    """Return why an account cannot redeem yet, or None.

    It needs a verified e-mail address and the age in the settings.
    """
    verified = EmailAddress.objects.filter(user_id=profile.user_id, verified=True)
    joined = verified.values_list("user__date_joined", flat=True).first()
    if joined is None:
        return _("Verify your e-mail address to redeem points.")
    # The account's age: an imported profile is older than the account that claimed it.
    waits = timedelta(hours=settings.REDEEM_MIN_AGE_HOURS) - (
        timezone.now() - max(joined, profile.created_at)
    )
    if waits <= timedelta(0):
        return None
    hours = max(1, round(waits.total_seconds() / 3600))
    return ngettext(
        "New accounts can’t redeem points yet. Try again in %(count)d hour.",
        "New accounts can’t redeem points yet. Try again in %(count)d hours.",
        hours,
    ) % {"count": hours}


def fits_audience(profile: Profile, reward: Reward) -> bool:
    """Say whether the reward is meant for this person."""
    return AUDIENCES[reward.audience](profile, reward)


def require_fulfiller(actor: Profile | None) -> Profile:
    """Return who may see and send orders: moderators and up."""
    return _require(is_moderator, actor, _("Only moderators can fulfil orders."))


def require_treasurer(actor: Profile | None) -> Profile:
    """Return who may change rewards and codes: admins."""
    return _require(is_admin, actor, _("Only admins can change rewards and codes."))


def require_giver(actor: Profile | None) -> Profile:
    """Return who may award points: moderators and up, unless restricted."""
    actor = _require(is_moderator, actor, _("Only moderators can award points."))
    if (refusal := refusal_for(actor)) is not None:
        raise PermissionDenied(refusal)
    return actor


def require_awarder(actor: Profile | None) -> Profile:
    """Return who may award and revoke achievements: moderators and up."""
    return _require(is_moderator, actor, _("Only moderators can award and revoke achievements."))


def may_give_to(viewer: Profile | None, profile: Profile) -> bool:
    """Say whether `viewer` is offered to award points to `profile`; the action checks the rest."""
    return is_moderator(viewer) and viewer != profile and profile.user_id is not None and not profile.is_bot


def why_not_given(receiver: Profile) -> str | None:
    """Return why a person cannot receive points, or None."""
    if receiver.is_bot:
        return _("Bots can’t receive points.")
    if receiver.user is None:
        return _("This imported profile has no account, so it can’t receive points.")
    if refusal_for(receiver) is not None:
        return _("This account is closed or restricted, so it can’t receive points.")
    return None


def _require(rule: Callable[[Profile | None], bool], actor: Profile | None, sentence: str) -> Profile:
    if actor is None or not rule(actor):
        raise PermissionDenied(sentence)
    return actor


def _reached_level(profile: Profile, reward: Reward) -> bool:
    value = reward.audience_value.strip()
    return value.isdecimal() and profile.level >= int(value)


def _holds_achievement(profile: Profile, reward: Reward) -> bool:
    return (
        Award.objects.in_force()
        .filter(profile=profile, achievement__slug=reward.audience_value.strip())
        .exists()
    )


AUDIENCES: dict[str, Callable[[Profile, Reward], bool]] = {
    Audience.ALL: lambda profile, reward: True,
    Audience.LEVEL: _reached_level,
    Audience.ACHIEVEMENT: _holds_achievement,
    Audience.CHOSEN: lambda profile, reward: reward.chosen.filter(pk=profile.pk).exists(),
}
