"""Structured logs: one JSON object a line, each with the id of its request."""

from __future__ import annotations

import json
import logging
import re
import sys
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def new_request_id(offered: str) -> str:
    """Return the id a proxy offered when it is harmless, else a new one."""
    return offered if _ACCEPTABLE.fullmatch(offered) else uuid.uuid4().hex


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class OutageFilter(logging.Filter):
    """Make one warning line of what a missing database caused: in an outage every request and task fails alike."""

    def filter(self, record: logging.LogRecord) -> bool:
        from community.lib.database.errors import in_one_line, is_unavailable

        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_unavailable(error):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.msg, record.args = f"{record.getMessage().splitlines()[0]}: {in_one_line(error)}", ()
            record.exc_info = record.exc_text = None
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_settings(*, plain: bool, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to standard error, as lines for people when `plain`, else as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "community.lib.logs.RequestIdFilter"},
            "outage": {"()": "community.lib.logs.OutageFilter"},
        },
        "formatters": {
            "plain": {"format": "%(levelname)s %(name)s [%(request_id)s] %(message)s"},
            "json": {"()": "community.lib.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": sys.stderr,
                "filters": ["request_id"],
                "formatter": "plain" if plain else "json",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.server": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "django.request": {"filters": ["outage"]},
            "celery.app.trace": {"filters": ["outage"]},
        },
    }
