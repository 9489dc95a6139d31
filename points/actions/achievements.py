"""Publishing achievements, and looking for those who qualify: in steps that may be cut short and run twice."""

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
from profiles.models import Profile

BATCH = 500
# Never the publication: somebody may publish while the form is open. A slug stays: rewards name it.
EDITABLE = ["title", "description", "icon", "points", "group", "level", "trigger", "threshold", "is_secret"]


@transaction.atomic
def save_achievement(actor: Profile | None, achievement: Achievement) -> Achievement:
    """Store a new or changed achievement; what it pays from now on changes nothing for those who have it. Admins only.

    Raises PermissionDenied, ValidationError by field.
    """
    actor_id = require_treasurer(actor).pk
    if triggers.find(achievement.trigger) is None:
        raise ValidationError({"trigger": _("Nothing on this site counts towards it. Choose another.")})
    verb = "changed" if achievement.pk else "made"
    if achievement.pk:
        achievement.save(update_fields=EDITABLE)
    else:
        achievement.save()
    _log(f"achievement.{verb}", actor_id, achievement)
    return achievement


@transaction.atomic
def publish_achievement(actor: Profile | None, achievement: Achievement) -> Achievement:
    """Show an achievement to everybody, and start awarding it to those who qualify. Admins only; again changes nothing."""
    actor_id = require_treasurer(actor).pk
    achievement = Achievement.objects.select_for_update().get(pk=achievement.pk)
    if triggers.find(achievement.trigger) is None:
        raise ValidationError(_("Nothing on this site counts towards it any more. Choose another trigger."))
    if achievement.published_at is None:
        achievement.published_at, achievement.published_by_id = timezone.now(), actor_id
        achievement.save(update_fields=["published_at", "published_by_id"])
        start_run(achievement, actor_id=actor_id)
        _log("achievement.published", actor_id, achievement)
    return achievement


@transaction.atomic
def unpublish_achievement(actor: Profile | None, achievement: Achievement) -> Achievement:
    """Make an achievement a draft again: nobody earns it any more, and those who have it keep it and its points."""
    actor_id = require_treasurer(actor).pk
    achievement = Achievement.objects.select_for_update().get(pk=achievement.pk)
    if achievement.published_at is not None:
        achievement.published_at = achievement.published_by_id = None
        achievement.save(update_fields=["published_at", "published_by_id"])
        _log("achievement.unpublished", actor_id, achievement)
    return achievement


@transaction.atomic
def look_again(actor: Profile | None, achievement: Achievement) -> AwardRun:
    """Look once more for those who qualify, for when the threshold was lowered. Admins only; joins a run under way."""
    actor_id = require_treasurer(actor).pk
    if achievement.published_at is None:
        raise ValidationError(_("Publish the achievement first."))
    run = start_run(achievement, actor_id=actor_id)
    if run is None:
        raise ValidationError(_("Nobody can look this one up: it is given by hand, or when it happens."))
    _log("achievement.looked", actor_id, achievement)
    return run


def start_run(achievement: Achievement, *, actor_id: int | None) -> AwardRun | None:
    """Begin a walk through everybody, unless one is under way or nobody can look up how far people are."""
    from points.tasks import continue_award_run

    trigger = triggers.find(achievement.trigger)
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
    """Look at the next batch of people; say whether there are more. Two at once do the same work and count it once."""
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
    """Award to the people `ids` what they qualify for and never had; each award in its own transaction. Returns how many."""
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
    """Walk through everybody for every published achievement: what a crash lost, and anniversaries. Returns how many awards."""
    achievements = list(Achievement.objects.published().filter(trigger__in=triggers.counted_keys()))
    awarded, last = 0, 0
    while achievements and (ids := _ids_after(last)):
        awarded += award_batch(achievements, ids)
        last = ids[-1]
    return awarded


def _ids_after(last: int) -> list[int]:
    return list(Profile.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _log(action: str, actor_id: int, achievement: Achievement) -> None:
    after = {"trigger": achievement.trigger, "threshold": achievement.threshold, "points": achievement.points}
    record(
        action,
        actor_id=actor_id,
        target=f"achievement:{achievement.pk}",
        after=after,
        title=achievement.title,
    )
