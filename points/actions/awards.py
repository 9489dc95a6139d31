"""Awarding: by rule, by hand, in bulk; revoking; and hiding one's own.

Locking contract: the profile first, then its award, then its wallet (see points.actions.ledger); the log's lock last.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from points import toasts, triggers
from points.actions.ledger import earn, lock_people, reverse
from points.models import Achievement, Award, Kind
from points.notifications import notify_award, notify_revocation
from profiles.models import Profile
from profiles.permissions import is_moderator

ACHIEVEMENTS_URL = "/community/achievements/"


def check(profile_id: int, *keys: str, reached: int | None = None) -> None:
    """Once the caller's transaction is committed, award what the person now qualifies for by one of the triggers `keys`.

    Costs the transaction nothing. `reached` is how far they are, where nobody can look it up. What a crash loses, the
    daily walk finds.
    """
    transaction.on_commit(lambda: award_reached(profile_id, *keys, reached=reached), robust=True)


def award_reached(profile_id: int, *keys: str, reached: int | None = None) -> list[Award]:
    """Award each published achievement of the triggers that the person reached and never had. Safe to run twice."""
    had = Award.objects.filter(profile_id=profile_id).values("achievement")
    waiting = list(
        Achievement.objects.published()
        .filter(trigger__in=keys)
        .exclude(pk__in=had)
        .order_by("threshold", "pk")
    )
    if not waiting or not may_earn([profile_id]):
        return []
    counts = {key: _reached(key, profile_id, reached) for key in {one.trigger for one in waiting}}
    earned = [grant(profile_id, one) for one in waiting if counts[one.trigger] >= one.threshold]
    return [award for award in earned if award is not None]


def may_earn(profile_ids: list[int]) -> set[int]:
    """Return those of `profile_ids` who can have achievements: people with an account in good standing."""
    people = Profile.objects.filter(
        pk__in=profile_ids, is_bot=False, deactivated_at=None, user__is_active=True
    )
    return set(people.values_list("pk", flat=True))


@transaction.atomic
def grant(
    profile_id: int,
    achievement: Achievement,
    *,
    actor_id: int | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> Award | None:
    """Give an achievement and pay its points, once; None when the person has it, or had it and it was revoked.

    By hand (`actor_id`) a revoked one is given again, with the points it had. Who may is the caller's to know.
    """
    lock_people([profile_id])
    award = Award.objects.filter(profile_id=profile_id, achievement=achievement).first()
    if award is not None and (award.revoked_at is None or actor_id is None):
        return None
    if award is None:
        award = Award.objects.create(
            profile_id=profile_id,
            achievement=achievement,
            awarded_by_id=actor_id,
            awarded_at=at or timezone.now(),
        )
    else:
        award.revoked_at, award.revoked_by_id, award.awarded_at, award.awarded_by_id = (
            None,
            None,
            timezone.now(),
            actor_id,
        )
        award.save(update_fields=["revoked_at", "revoked_by_id", "awarded_at", "awarded_by_id"])
    if achievement.points:
        earn(
            profile_id, Kind.ACHIEVEMENT, cause=award.cause, points=achievement.points, actor_id=actor_id,
            source_key=f"achievement:{achievement.pk}", title=achievement.title, url=ACHIEVEMENTS_URL, reason=reason, at=at,
        )  # fmt: skip
    notify_award(award)
    if actor_id is not None:
        _log("award.given", actor_id, award, reason)
    transaction.on_commit(partial(toasts.remember, profile_id, achievement.title, achievement.points))
    return award


def award_by_hand(
    actor: Profile | None, profile: Profile, achievement: Achievement, *, reason: str = ""
) -> Award:
    """Give an achievement to a person. Raises PermissionDenied, or ValidationError with why not."""
    actor_id = require_awarder(actor).pk
    if actor_id == profile.pk:
        raise PermissionDenied(_("Nobody gives achievements to themselves."))
    if achievement.published_at is None:
        raise ValidationError(_("Publish the achievement first."))
    if not may_earn([profile.pk]):
        raise ValidationError(_("This person has no active account."))
    award = grant(profile.pk, achievement, actor_id=actor_id, reason=reason)
    if award is None:
        raise ValidationError(_("This person has it already."))
    return award


@transaction.atomic
def revoke_award(actor: Profile | None, award: Award, *, reason: str) -> Award:
    """Take an award back, and its points. It is not earned again by itself. Raises PermissionDenied or ValidationError."""
    actor_id = require_awarder(actor).pk
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    lock_people([award.profile_id])
    award = Award.objects.select_related("achievement").get(pk=award.pk)
    if award.revoked_at is not None:
        raise ValidationError(_("It is revoked already."))
    award.revoked_at, award.revoked_by_id = timezone.now(), actor_id
    award.save(update_fields=["revoked_at", "revoked_by_id"])
    reverse(award.cause, actor_id=actor_id, reason=reason)
    notify_revocation(award)
    _log("award.revoked", actor_id, award, reason)
    return award


def show_award(actor: Profile | None, award: Award, *, shown: bool) -> Award:
    """Show an award on one's own profile, or hide it there."""
    if actor is None or award.profile_id != actor.pk:
        raise PermissionDenied(_("You can only choose what your own profile shows."))
    award.hidden_at = None if shown else award.hidden_at or timezone.now()
    award.save(update_fields=["hidden_at"])
    return award


def require_awarder(actor: Profile | None) -> Profile:
    """Return who may give and revoke awards: moderators and up."""
    if actor is None or not is_moderator(actor):
        raise PermissionDenied(_("Only moderators can give and revoke achievements."))
    return actor


def _reached(key: str, profile_id: int, told: int | None) -> int:
    return max(triggers.count(key, [profile_id]).get(profile_id, 0), told or 0)


def _log(action: str, actor_id: int, award: Award, reason: str) -> None:
    after = {"award": award.pk, "achievement": award.achievement.slug, "points": award.achievement.points}
    record(
        action,
        actor_id=actor_id,
        target=f"profile:{award.profile_id}",
        after=after,
        reason=reason,
        title=award.achievement.title,
    )
