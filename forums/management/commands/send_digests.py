from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from community.lib.progress import console
from forums.actions.digests import queue_digests
from forums.notifications import DIGEST
from profiles.actions.deliveries import send_due
from profiles.models import Delivery


class Command(BaseCommand):
    help = "Send the daily digests that are due now. Run again, it sends nothing more."

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console(), disable=not console().is_terminal) as progress:
            looking = progress.add_task("Who is due", total=None)
            queued = queue_digests(on_chunk=lambda done, total: progress.update(looking, completed=done, total=total))
            sending = progress.add_task("Sending", total=Delivery.objects.due().filter(kind=DIGEST).count())
            ended = send_due(bulk=True, on_mail=lambda _state: progress.advance(sending))
        states = ", ".join(f"{count} {state}" for state, count in sorted(ended.items())) or "nothing to send"
        self.stdout.write(f"{queued} queued; {states}.")
