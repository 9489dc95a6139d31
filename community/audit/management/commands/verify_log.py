"""`manage.py verify_log`: verify that the log was not changed."""

import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from community.audit.models import LogEntry
from community.audit.queries import broken_entries

HEAD = re.compile(r"\b(\d{1,18}):([0-9a-f]{64})\b")


class Command(BaseCommand):
    help = (
        "Verify the audit log's hash chain and print its head; exit 1 and name the entries that do not match."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="A head that an earlier run printed (NUMBER:DIGEST) and you kept elsewhere, or a file with such heads: "
            "each must still be in the chain. Without one nobody can tell when the newest entries were cut off.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        heads = _heads(options["head"]) if options["head"] else []
        broken = 0
        for entry, why in broken_entries():
            broken += 1
            self.stdout.write(f"Entry {entry.pk} ({entry.action} {entry.target}): {why}.")
        for number, digest in heads:
            if not LogEntry.objects.filter(pk=number, digest=digest).exists():
                broken += 1
                self.stdout.write(
                    f"The log no longer contains the head {number}:{digest}: it was cut short or rewritten."
                )
        if broken:
            self.stderr.write(f"The log does not verify. Mismatches: {broken}.")
            sys.exit(1)
        self.stdout.write(
            f"The log verifies. Entries: {LogEntry.objects.count()}. Heads checked: {len(heads)}."
        )
        if (last := LogEntry.objects.order_by("-id").first()) is not None:
            self.stdout.write(f"Head: {last.pk}:{last.digest}")


def _heads(text: str) -> list[tuple[int, str]]:
    """Return the heads in `text`, or in the file it names. Raises CommandError when there is none."""
    if not HEAD.fullmatch(text):
        try:
            text = Path(text).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise CommandError(
                f"--head {text} is neither NUMBER:DIGEST nor a file: {error.strerror}."
            ) from None
    heads = [(int(number), digest) for number, digest in HEAD.findall(text)]
    if not heads:
        raise CommandError("The file of --head contains no line like NUMBER:DIGEST.")
    return heads
