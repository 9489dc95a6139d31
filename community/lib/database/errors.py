"""Which errors say that the database is away, too slow or busy: nobody's mistake, and worth another try."""

from __future__ import annotations

from django.db import Error, InterfaceError, OperationalError

LOCK_NOT_AVAILABLE = "55P03"
AWAY = (OperationalError, InterfaceError)


def is_unavailable(error: BaseException | None) -> bool:
    """Say whether `error`, or the database error it followed, came of a lost connection, a time limit or a full server."""
    while isinstance(error, Error):
        if isinstance(error, AWAY):
            return True
        error = error.__cause__ or error.__context__
    return False


def sqlstate(error: Error) -> str:
    """Return PostgreSQL's five-letter code of an error; empty when the connection broke before there was one."""
    return str(getattr(error.__cause__, "pgcode", None) or "")


def in_one_line(error: BaseException) -> str:
    """Return what the error says, for a log of one line per event."""
    return " ".join(str(error).split()) or type(error).__name__
