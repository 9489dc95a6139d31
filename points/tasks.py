"""Points in the background. Each may run twice, and beside itself."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from community.lib.tasks import enqueue
from points.actions.achievements import award_everybody, take_step
from points.actions.orders import erase_old_addresses
from points.models import AwardRun, Reward
from points.notifications import notify_low_stock
from points.queries.stock import filling_of, units_left, watched_rewards

RUN_SECONDS = 200  # then it makes room for others in its queue, and goes on behind them
STALLED = timedelta(minutes=6)  # longer than a task may run: nobody is at it any more


@shared_task(time_limit=300)
def continue_award_run(run_id: int) -> None:
    """Award a published achievement to those who qualify already, from where it was left."""
    until = time.monotonic() + RUN_SECONDS
    while take_step(run_id):
        if time.monotonic() > until:
            enqueue(continue_award_run, run_id, queue="bulk")
            return


@shared_task(time_limit=60)
def resume_award_runs() -> int:
    """Take up runs that a broker or a worker lost."""
    stalled = AwardRun.objects.filter(finished_at=None, touched_at__lt=timezone.now() - STALLED)
    ids = list(stalled.order_by("pk").values_list("pk", flat=True)[:50])
    for run_id in ids:
        enqueue(continue_award_run, run_id, queue="bulk")
    return len(ids)


@shared_task(time_limit=1800)
def award_daily() -> int:
    """Award what nobody was there to award: anniversaries, and what a crash lost."""
    return award_everybody()


@shared_task(time_limit=60)
def warn_low_stock(reward_id: int | None = None) -> int:
    """Warn admins of a reward that runs out, of all of them without an id. Returns of how many; each is told once."""
    rewards = watched_rewards() if reward_id is None else Reward.objects.published().filter(pk=reward_id)
    low = [(one, left) for one in rewards if (left := units_left(one)) is not None and left < one.low_stock]
    for reward, left in low:
        notify_low_stock(reward, left, filling_of(reward))
    return len(low)


@shared_task(time_limit=300)
def erase_addresses() -> int:
    """Erase the addresses that nobody needs any more."""
    return erase_old_addresses()
