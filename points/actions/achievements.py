"""Publishing achievements, and awarding them to those who qualify, in steps that may be interrupted and run
twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.tasks import enqueue
from points import triggers
from points.actions.awards import grant, may_earn
from points.models import Achievement, Award, AwardRun
from points.permissions import require_treasurer
from points.triggers import TRIGGERS
from profiles.models import Profile

BATCH = 500
# Without the publication: somebody may publish while the form is open. Without the slug: rewards name it.
EDITABLE = ["title", "description", "icon", "points", "group", "level", "trigger", "threshold", "is_secret"]


@transaction.atomic
def save_achievement(actor: Profile | None, achievement: Achievement) -> Achievement:
    """Save a new or changed achievement; those who have it keep the points they got. Admins only.

    Raises PermissionDenied, ValidationError by field.
    """
    actor_id = require_treasurer(actor).pk
    if TRIGGERS.get(achievement.trigger) is None:
        raise ValidationError({"trigger": _("Choose a trigger that exists on this site.")})
    verb = "changed" if achievement.pk else "made"
    if achievement.pk:
        achievement.save(update_fields=EDITABLE)
    else:
        achievement.save()
    _log(f"achievement.{verb}", actor_id, achievement)
    return achievement


@transaction.atomic
def publish_achievement(actor: Profile | None, achievement: Achievement, *, reason: str = "") -> Achievement:
    """Publish an achievement and start an award run. Admins only; again changes nothing."""
    actor_id = require_treasurer(actor).pk
    achievement = Achievement.objects.select_for_update().get(pk=achievement.pk)
    if TRIGGERS.get(achievement.trigger) is None:
        raise ValidationError(_("Its trigger no longer exists on this site. Choose another trigger first."))
    if achievement.published_at is None:
        achievement.published_at, achievement.published_by_id = timezone.now(), actor_id
        achievement.save(update_fields=["published_at", "published_by_id"])
        start_run(achievement, actor_id=actor_id)
        _log("achievement.published", actor_id, achievement, reason)
    return achievement


@transaction.atomic
def unpublish_achievement(
    actor: Profile | None, achievement: Achievement, *, reason: str = ""
) -> Achievement:
    """Unpublish an achievement: nobody can earn it, and those who have it keep it and its points."""
    actor_id = require_treasurer(actor).pk
    achievement = Achievement.objects.select_for_update().get(pk=achievement.pk)
    if achievement.published_at is not None:
        achievement.published_at = achievement.published_by_id = None
        achievement.save(update_fields=["published_at", "published_by_id"])
        _log("achievement.unpublished", actor_id, achievement, reason)
    return achievement


@transaction.atomic
def award_to_qualified(actor: Profile | None, achievement: Achievement, *, reason: str = "") -> AwardRun:
    """Start another award run, for when the threshold was lowered. Admins only; joins a run under way."""
    actor_id = require_treasurer(actor).pk
    if achievement.published_at is None:
        raise ValidationError(_("Publish the achievement first."))
    run = start_run(achievement, actor_id=actor_id)
    if run is None:
        raise ValidationError(_("This achievement is awarded by hand."))
    _log("achievement.looked", actor_id, achievement, reason)
    return run


def start_run(achievement: Achievement, *, actor_id: int | None) -> AwardRun | None:
    """Start an award run, or join the one under way. Return None when the trigger cannot be counted."""
    from points.tasks import continue_award_run

    trigger = TRIGGERS.get(achievement.trigger)
    if trigger is None or trigger.count is None:
        return None
    AwardRun.objects.bulk_create(
        [AwardRun(achievement=achievement, started_by_id=actor_id, total=Profile.objects.count())],
        ignore_conflicts=True,
    )
    run = AwardRun.objects.get(achievement=achievement, finished_at=None)
    enqueue(continue_award_run, run.pk, queue="bulk")
    return run


def take_step(run_id: int) -> bool:
    """Check the next batch of people; return whether there are more. Two at once count their work once."""
    run = AwardRun.objects.select_related("achievement").filter(pk=run_id, finished_at=None).first()
    if run is None:
        return False
    ids = _ids_after(run.last_profile_id) if run.achievement.published_at is not None else []
    award_batch([run.achievement], ids)
    now = timezone.now()
    so_far = Award.objects.in_force().filter(
        achievement=run.achievement, awarded_by_id=None, awarded_at__gte=run.started_at
    )
    changes = {"touched_at": now, "awarded": so_far.count()}
    if ids:
        changes |= {"last_profile_id": ids[-1], "looked_at": run.looked_at + len(ids)}
    else:
        changes["finished_at"] = now
    AwardRun.objects.filter(pk=run_id, last_profile_id=run.last_profile_id, finished_at=None).update(
        **changes
    )
    return bool(ids)


def award_batch(achievements: Sequence[Achievement], ids: Sequence[int]) -> int:
    """Award to the people `ids` what they qualify for and never had, each in its own transaction.

    Return how many.
    """
    if not ids:
        return 0
    had = set(
        Award.objects.filter(profile__in=ids, achievement__in=achievements).values_list(
            "profile_id", "achievement_id"
        )
    )
    counts = {key: triggers.count(key, ids) for key in {one.trigger for one in achievements}}
    wanted = [
        (profile_id, one)
        for one in achievements
        for profile_id, reached in counts[one.trigger].items()
        if reached >= one.threshold and (profile_id, one.pk) not in had
    ]
    eligible = may_earn(sorted({profile_id for profile_id, _one in wanted})) if wanted else set()
    return sum(grant(profile_id, one) is not None for profile_id, one in wanted if profile_id in eligible)


def award_everybody() -> int:
    """Check everybody for every published achievement. Return how many were awarded."""
    achievements = list(Achievement.objects.published().filter(trigger__in=triggers.counted_keys()))
    awarded, last = 0, 0
    while achievements and (ids := _ids_after(last)):
        awarded += award_batch(achievements, ids)
        last = ids[-1]
    return awarded


def _ids_after(last: int) -> list[int]:
    return list(Profile.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _log(action: str, actor_id: int, achievement: Achievement, reason: str = "") -> None:
    after = {"trigger": achievement.trigger, "threshold": achievement.threshold, "points": achievement.points}
    record(
        action,
        actor_id=actor_id,
        target=f"achievement:{achievement.pk}",
        after=after,
        reason=reason,
        title=achievement.title,
    )
