"""Sessions in the database, read by a query compiled once: every page of a member's begins with it."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from community.lib.prepared import Prepared

_live = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        session: Session | None = _live.first(key=self.session_key, now=timezone.now())
        if session is None:
            self._session_key = None
        return session
