"""`manage.py verify_log`: prove that nobody rewrote the log."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from community.audit.models import LogEntry
from community.audit.queries import broken_entries


class Command(BaseCommand):
    help = "Verify the audit log's hash chain; exit 1 and name the entries that do not match."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--digest",
            default="",
            help="A last digest that an earlier run printed and you kept elsewhere: it must still be in the chain. "
            "Without one nobody can tell when the newest entries were cut off.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        broken = 0
        for entry, why in broken_entries():
            broken += 1
            self.stdout.write(f"Entry {entry.pk} ({entry.action} {entry.target}): {why}.")
        if options["digest"] and not LogEntry.objects.filter(digest=options["digest"]).exists():
            broken += 1
            self.stdout.write(f"No entry has the digest {options['digest']}: the log was cut short.")
        if broken:
            self.stderr.write(f"The log does not verify. Mismatches: {broken}.")
            sys.exit(1)
        last = LogEntry.objects.order_by("-id").first()
        seal = f" Last digest: {last.digest}" if last else ""
        self.stdout.write(f"The log verifies. Entries: {LogEntry.objects.count()}.{seal}")
