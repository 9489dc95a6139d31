"""`manage.py prepare`: what a release does before it serves."""

import hashlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, call_command, get_commands
from django.db import connection, transaction

from community.lib.roles import as_owner

# Any number, the same in every release: one machine migrates, the others wait for it.
MIGRATION_LOCK = 7_205_759_403
# The demo accounts' passwords are known to everybody, so only this machine may reach them.
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = "Migrate the database and collect the static files; with --demo, create a demo community in an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="In local mode, create a demo community in an empty database."
        )
        parser.add_argument(
            "--no-static",
            action="store_true",
            help="Don't collect static files, because the image contains them.",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
            try:
                self.stdout.write("Bringing the database up to date.")
                call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
                if options["demo"] and settings.LOCAL_MODE:
                    self._fill_empty_database()
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
        if not options["no_static"]:
            self._collect_static(verbosity=options["verbosity"] - 1)

    def _fill_empty_database(self) -> None:
        if "seed_demo" not in get_commands() or apps.get_model("profiles", "Profile").objects.exists():
            return
        host = os.environ.get("PUBLISHED_ON") or os.environ.get("HOST", LOOPBACK[0])
        if host not in LOOPBACK:
            self.stdout.write(
                f"No demo community: other machines reach {host}, and the passwords of its accounts are known."
            )
            return
        self.stdout.write("Filling the demo community.")
        # All or nothing: half a community would look like somebody's own on the next start.
        with transaction.atomic():
            call_command("seed_demo")

    def _collect_static(self, *, verbosity: int) -> None:
        """Skip the slow part, compressing, when nothing changed since the last time."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        mark = _static_fingerprint()
        if stamp.exists() and stamp.read_text() == mark:
            return
        self.stdout.write("Collecting the static files.")
        call_command("collectstatic", interactive=False, verbosity=verbosity)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(mark)


def _static_fingerprint() -> str:
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
