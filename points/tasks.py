"""Background tasks. Each may run twice, and concurrently."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from community.lib.tasks import enqueue
from points.actions.achievements import award_everybody, take_step
from points.actions.orders import erase_old_shipping_addresses
from points.models import AwardRun, Reward
from points.notifications import notify_low_stock
from points.queries.stock import filling_of, units_left, watched_rewards

RUN_SECONDS = 200  # then it requeues itself behind others
STALLED = timedelta(minutes=6)  # longer than a task may run


@shared_task(time_limit=300)
def continue_award_run(run_id: int) -> None:
    """Continue an award run."""
    until = time.monotonic() + RUN_SECONDS
    while take_step(run_id):
        if time.monotonic() > until:
            enqueue(continue_award_run, run_id, queue="bulk")
            return


@shared_task(time_limit=60)
def resume_award_runs() -> int:
    """Resume runs that a broker or a worker lost."""
    stalled = AwardRun.objects.filter(finished_at=None, touched_at__lt=timezone.now() - STALLED)
    ids = list(stalled.order_by("pk").values_list("pk", flat=True)[:50])
    for run_id in ids:
        enqueue(continue_award_run, run_id, queue="bulk")
    return len(ids)


@shared_task(time_limit=1800)
def award_daily() -> int:
    """Award anniversaries, and what a crash lost."""
    return award_everybody()


@shared_task(time_limit=60)
def warn_low_stock(reward_id: int | None = None) -> int:
    """Notify admins, once per refill, of one reward that is running out, or of all. Return how many are."""
    rewards = watched_rewards() if reward_id is None else Reward.objects.published().filter(pk=reward_id)
    low = [(one, left) for one in rewards if (left := units_left(one)) is not None and left < one.low_stock]
    for reward, left in low:
        notify_low_stock(reward, left, filling_of(reward))
    return len(low)


@shared_task(time_limit=300)
def erase_addresses() -> int:
    """Erase shipping addresses that are no longer needed."""
    return erase_old_shipping_addresses()
