"""Start PostgreSQL and Valkey for the tests before Django reads its settings (a pytest plugin: `-p tests.services`).

The process that pytest was called as starts them, in a temporary folder, and stops them; xdist's workers inherit
their addresses, each with a database and a Valkey database of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hearth-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.setdefault("HEARTH_DATA", str(folder / "data"))
    os.environ.setdefault("HEARTH_LOCAL", "1")
    os.environ.setdefault("SECRET_KEY", "tests only, and long enough to be one")
    os.environ.setdefault("CODES_KEY", "tests only, and long enough to be one")
    os.environ.setdefault("PAGE_CACHE_SECONDS", "0")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    from community.local.postgres import start_postgres
    from community.local.valkey import start_valkey

    if "DATABASE_URL" not in os.environ:
        postgres = start_postgres(folder / "postgres", durable=False)
        atexit.register(postgres.stop)
        os.environ["DATABASE_URL"] = postgres.administrator_url
    if "REDIS_URL" not in os.environ:
        valkey = start_valkey(folder / "valkey")
        atexit.register(valkey.stop)
        os.environ["REDIS_URL"] = valkey.url


if WORKER:
    parts = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = urlunsplit(parts._replace(path=f"/{int(WORKER.removeprefix('gw')) + 1}"))
else:
    _start()
