"""The environment of processes that work on the tests' database and mail server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

PATIENCE = 60


def environment(smtp_port: int, **more: str) -> dict[str, str]:
    """Return the environment of a process of ours."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "community.settings",
        "DATABASE_URL": urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}")),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        **more,
    }


def wait_for(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, "It takes too long."
        time.sleep(0.002)
