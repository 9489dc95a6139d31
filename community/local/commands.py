"""Local mode for one command: find the services that run in the data folder, or lend it a PostgreSQL while it works."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community.lib.environment import env_value
from community.local.postgres import EmbeddedPostgres
from community.local.valkey import EmbeddedValkey

# What never touches the database, or brings its own.
WITHOUT_DATABASE = frozenset(
    "up help version check collectstatic makemessages compilemessages makemigrations spectacular startapp test".split()
)
PATIENCE_SECONDS = 3600


def data_dir() -> Path:
    """Where local mode keeps everything; the same rule as in the settings."""
    return Path(env_value("HEARTH_DATA", str(Path(__file__).resolve().parents[2] / ".data"))).resolve()


@contextmanager
def local_services(argv: list[str]) -> Iterator[None]:
    """Set the URLs of PostgreSQL and Valkey for `manage.py COMMAND` where they are unset and the command needs them."""
    command = argv[1] if len(argv) > 1 else "help"
    if command in WITHOUT_DATABASE or "--help" in argv or "-h" in argv:
        yield
        return
    folder = data_dir()
    valkey = EmbeddedValkey(folder)
    if not env_value("REDIS_URL", "") and valkey.is_running():
        _lend(REDIS_URL=valkey.url)
    if env_value("DATABASE_URL", ""):
        yield
        return
    postgres = EmbeddedPostgres(folder)
    _lend(DATABASE_URL=postgres.url, DATABASE_ADMIN_URL=postgres.owner_url)
    # `dbshell` runs the psql of this machine, or else the one that comes with the embedded server.
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(postgres.programs)])
    if postgres.is_running():
        yield
        return
    with postgres.start():
        try:
            yield
        finally:
            _let_others_finish(postgres)


def _lend(**urls: str) -> None:
    # Lending a URL must not make the settings believe that they are on a server.
    configured = env_value("DATABASE_URL", "") and env_value("EMAIL_URL", "")
    os.environ.setdefault("HEARTH_LOCAL", "0" if configured else "1")
    os.environ.update(urls)


def _let_others_finish(postgres: EmbeddedPostgres) -> None:
    """Another command may have borrowed the server meanwhile: refuse new clients and wait for those who are in."""
    from django.db import connections

    connections.close_all()
    if postgres.process:
        postgres.process.send_signal(signal.SIGTERM)
        postgres.process.wait(PATIENCE_SECONDS)
