"""Awarding achievements by trigger or by hand, revoking them, and hiding one's own.

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
from points.permissions import require_awarder
from profiles.models import Profile

ACHIEVEMENTS_URL = "/community/achievements/"


def check(profile_id: int, *keys: str) -> None:
    """Once the caller's transaction is committed, award what the person now qualifies for by one of the triggers `keys`.

    Adds nothing to the transaction itself. What a crash loses, the daily task awards.
    """
    transaction.on_commit(lambda: award_reached(profile_id, *keys), robust=True)


def award_reached(profile_id: int, *keys: str) -> list[Award]:
    """Award each published achievement of the triggers that the person qualifies for and never had.

    Safe to run twice.
    """
    had = Award.objects.filter(profile_id=profile_id).values("achievement")
    waiting = list(
        Achievement.objects.published()
        .filter(trigger__in=keys)
        .exclude(pk__in=had)
        .order_by("threshold", "pk")
    )
    if not waiting or not may_earn([profile_id]):
        return []
    counts = {
        key: triggers.count(key, [profile_id]).get(profile_id, 0) for key in {one.trigger for one in waiting}
    }
    earned = [grant(profile_id, one) for one in waiting if counts[one.trigger] >= one.threshold]
    return [award for award in earned if award is not None]


def may_earn(profile_ids: list[int]) -> set[int]:
    """Return those of `profile_ids` who can earn achievements: people with an active account."""
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
    """Award an achievement and pay its points, once; None when the person has it, or had it and it was revoked.

    By hand (`actor_id`) a revoked one is awarded again, with the points it had. The caller checks permissions.
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
            profile_id,
            Kind.ACHIEVEMENT,
            cause=award.cause,
            points=achievement.points,
            actor_id=actor_id,
            source_key=f"achievement:{achievement.pk}",
            title=achievement.title,
            url=ACHIEVEMENTS_URL,
            reason=reason,
            at=at,
        )
    notify_award(award)
    if actor_id is not None:
        _log("award.given", actor_id, award, reason)
    transaction.on_commit(partial(toasts.remember, profile_id, achievement.title, achievement.points))
    return award


def award_by_hand(
    actor: Profile | None, profile: Profile, achievement: Achievement, *, reason: str = ""
) -> Award:
    """Award an achievement to a person. Raises PermissionDenied, or ValidationError with why not."""
    actor_id = require_awarder(actor).pk
    if actor_id == profile.pk:
        raise PermissionDenied(_("You can’t award achievements to yourself."))
    if achievement.published_at is None:
        raise ValidationError(_("Publish the achievement first."))
    if not may_earn([profile.pk]):
        raise ValidationError(_("This member has no active account."))
    award = grant(profile.pk, achievement, actor_id=actor_id, reason=reason)
    if award is None:
        raise ValidationError(_("This member already has this achievement."))
    return award


@transaction.atomic
def revoke_award(actor: Profile | None, award: Award, *, reason: str) -> Award:
    """Revoke an award and take its points back; it is not awarded automatically again.

    Raises PermissionDenied, ValidationError.
    """
    actor_id = require_awarder(actor).pk
    if not reason.strip():
        raise ValidationError({"reason": _("Give a reason.")})
    lock_people([award.profile_id])
    award = Award.objects.select_related("achievement").get(pk=award.pk)
    if award.revoked_at is not None:
        raise ValidationError(_("This achievement is already revoked."))
    award.revoked_at, award.revoked_by_id = timezone.now(), actor_id
    award.save(update_fields=["revoked_at", "revoked_by_id"])
    reverse(award.cause, actor_id=actor_id, reason=reason)
    notify_revocation(award)
    _log("award.revoked", actor_id, award, reason)
    return award


def show_award(actor: Profile | None, award: Award, *, shown: bool) -> Award:
    """Show an award on one's own profile, or hide it there."""
    if actor is None or award.profile_id != actor.pk:
        raise PermissionDenied(_("You can only change your own profile."))
    award.hidden_at = None if shown else award.hidden_at or timezone.now()
    award.save(update_fields=["hidden_at"])
    return award


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
