from __future__ import annotations

import mailbox
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from community.lib.incoming import LARGEST, read_mail
from forums.actions.received_mail import receive_mail

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: a mail server keeps the mail and tries again later


class Command(BaseCommand):
    help = (
        "Post replies that came by e-mail: one mail from standard input (for a mail server's pipe), "
        "or every mail of a maildir, an mbox or a single file. Safe to repeat: a mail is posted once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            help="a maildir, an mbox or a file with one message; default: standard input",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="recipient of the envelope, if the headers have none",
        )
        parser.add_argument(
            "--remove", action="store_true", help="delete messages from the mailbox after they were processed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path, recipients = options["path"], tuple(options["recipient"])
        try:
            if path is None:
                self._take(sys.stdin.buffer.read(LARGEST), recipients)
            elif path.is_file() and not _is_mbox(path):
                self._take(path.read_bytes(), recipients)
            elif path.exists():
                self._empty(path, recipients, remove=options["remove"])
            else:
                raise CommandError(f"There is no {path}.")
        except OperationalError as error:
            raise CommandError(f"The database is away: {error}", returncode=TRY_AGAIN) from error

    def _empty(self, path: Path, recipients: tuple[str, ...], *, remove: bool) -> None:
        box: mailbox.Mailbox[Any] = (
            mailbox.mbox(path, create=False) if path.is_file() else mailbox.Maildir(path, create=False)
        )
        box.lock()
        try:
            for key, raw in _mails(box):
                self._take(raw, recipients)
                if remove:
                    box.remove(key)
            box.flush()
        finally:
            box.close()

    def _take(self, raw: bytes, recipients: tuple[str, ...]) -> None:
        if not raw.strip():
            raise CommandError("There is no mail here.")
        row = receive_mail(read_mail(raw, recipients=recipients))
        self.stdout.write(f"{row.outcome}{f': {row.reason}' if row.reason else ''}")


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _mails(box: mailbox.Mailbox[Any]) -> Iterator[tuple[str, bytes]]:
    for key in list(box.keys()):
        raw = box.get_bytes(key)
        # An mbox puts ">" before lines that begin with "From ": they would look quoted.
        yield key, re.sub(rb"(?m)^>(>*From )", rb"\1", raw) if isinstance(box, mailbox.mbox) else raw
