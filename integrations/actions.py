"""Write events to the outbox, in the transaction of what happened, and record their delivery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from community.lib.tasks import enqueue
from integrations.channels import channels_for
from integrations.events import EVENTS, PRIVATE_NAMES
from integrations.models import OutboxEvent

# Seconds until the next attempt, by how many there were: about a day, then we give up.
PAUSES = (30, 120, 600, 1800, 7200, 4 * 3600, 8 * 3600, 12 * 3600)
LEASE = timedelta(seconds=90)  # longer than a delivery takes; after it, another worker can take the row
KEPT = timedelta(days=30)
BATCH = 100


def announce(event: str, data: Mapping[str, Any], *, source_key: str) -> int:
    """Add `event` to the outbox of every channel that posts it; return how many. Once per `source_key`.

    `data` is public in the channel: ids, public names, titles, absolute URLs; no codes, no postal or e-mail addresses.
    """
    if event not in EVENTS:
        raise ValueError(f"There is no event {event}.")
    if private := PRIVATE_NAMES & set(data):
        raise ValueError(f"{event} contains private data: {', '.join(sorted(private))}.")
    now = timezone.now()
    payload = {"type": event, "timestamp": now.isoformat(), "data": _plain(data)}
    rows = [
        OutboxEvent(
            source_key=source_key, channel=name, type=event, payload=payload, created_at=now, due_at=now
        )
        for name in channels_for(event)
    ]
    if rows:
        from integrations.tasks import deliver_due

        OutboxEvent.objects.bulk_create(rows, ignore_conflicts=True)
        enqueue(deliver_due)
    return len(rows)


def due_ids(now: datetime) -> list[int]:
    """Return the ids of the oldest events to deliver, one batch at most."""
    return list(
        OutboxEvent.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:BATCH]
    )


def claim(pk: int) -> OutboxEvent | None:
    """Claim a due event for the time of a lease; None if another worker has it or it is settled."""
    now = timezone.now()
    taken = OutboxEvent.objects.filter(pk=pk, due_at__lte=now).update(
        due_at=now + LEASE, attempts=F("attempts") + 1
    )
    return OutboxEvent.objects.get(pk=pk) if taken else None


def settle(event: OutboxEvent, *, error: str, for_good: bool = False, wait: int = 0) -> None:
    """Record the result of an attempt: delivered if `error` is empty. `for_good` stops retries; `wait` is in seconds."""
    now = timezone.now()
    over = for_good or event.attempts > len(PAUSES)
    with transaction.atomic():
        if not error:
            changes: dict[str, Any] = {"delivered_at": now, "due_at": None, "error": ""}
        elif over:
            changes = {"gave_up_at": now, "due_at": None, "error": error[:200]}
        else:
            pause = max(wait, PAUSES[event.attempts - 1])
            changes = {"due_at": now + timedelta(seconds=pause), "error": error[:200]}
        OutboxEvent.objects.filter(pk=event.pk, delivered_at=None, gave_up_at=None).update(**changes)


def withdraw(source_keys: Iterable[str]) -> int:
    """Delete the events of the sources, because a person in them is erased. Returns how many."""
    return OutboxEvent.objects.filter(source_key__in=list(source_keys)).delete()[0]


def forget_old() -> int:
    """Delete events settled at least a month ago. Returns how many; safe to run twice."""
    return OutboxEvent.objects.filter(created_at__lt=timezone.now() - KEPT, due_at=None).delete()[0]


def _plain(value: Any) -> Any:
    """Drop NUL, which PostgreSQL cannot store in JSON."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
