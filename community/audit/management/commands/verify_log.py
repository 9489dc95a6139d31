"""`manage.py verify_log`: prove that nobody rewrote the log."""

import sys
from typing import Any

from django.core.management import BaseCommand

from community.audit.models import LogEntry
from community.audit.queries import broken_entries


class Command(BaseCommand):
    help = "Verify the audit log's hash chain; exit 1 and name the entries that do not match."

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = 0
        for entry, why in broken_entries():
            broken += 1
            self.stdout.write(f"Entry {entry.pk} ({entry.action} {entry.target}): {why}.")
        if broken:
            self.stderr.write(f"The log does not verify: {broken} mismatches.")
            sys.exit(1)
        last = LogEntry.objects.order_by("-id").first()
        seal = f" Last digest: {last.digest}." if last else ""
        self.stdout.write(f"The log verifies: {LogEntry.objects.count()} entries.{seal}")
