from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from community.lib.progress import console
from forums.actions.digests import queue_digests
from forums.notifications import DIGEST
from profiles.mail.deliveries import send_due
from profiles.models import Delivery, DeliveryState


class Command(BaseCommand):
    help = "Send the daily digests that are due now. Nothing is sent twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="ISO_TIME", help="Send what is due at this time, such as 2026-11-22T08:30+00:00."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = _time(options["at"]) if options["at"] else None
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console(), disable=not console().is_terminal) as progress:
            looking = progress.add_task("Who is due", total=None)
            queued = queue_digests(
                now=now, on_chunk=lambda done, total: progress.update(looking, completed=done, total=total)
            )
            sending = progress.add_task("Sending", total=Delivery.objects.due().filter(kind=DIGEST).count())
            ended = send_due(bulk=True, on_mail=lambda _state: progress.advance(sending))
        states = ", ".join(f"{count} {state}" for state, count in sorted(ended.items())) or "nothing to send"
        self.stdout.write(f"{queued} queued; {states}.")
        waiting = Delivery.objects.filter(kind=DIGEST, next_attempt_at__isnull=False).exclude(reason="")
        if not ended[DeliveryState.SENT] and (first := waiting.order_by("next_attempt_at").first()):
            detail = f" ({first.detail})" if first.detail else ""
            raise CommandError(
                f"No digest could be sent; {waiting.count()} wait. {first.get_reason_display()}{detail}"
            )


def _time(text: str) -> datetime:
    """Return the time; without an offset it is the site's. Raises CommandError."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError("Write the time as in 2026-11-22T08:30+00:00.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
