"""Who writes from inside a frame: a token the sign-in window hands over, because the frame gets no cookies."""

from __future__ import annotations

import json
import time

from cryptography.fernet import InvalidToken
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from community.lib.sealed import seal, unseal
from profiles.backends import ProfileBackend
from profiles.middleware import viewer_of
from profiles.models import Profile, User
from profiles.sessions import SessionStore

LIFE_SECONDS = 12 * 3600
PURPOSE = "embed"


def issue_token(user: User, session: SessionBase) -> str:
    """Return a token with which a frame asks and replies for `user`, as long as this session lasts and 12
    hours at most.
    """
    return seal(json.dumps([PURPOSE, user.pk, session.session_key, int(time.time())]))


def writer_of(token: str) -> Profile | None:
    """Return whose token it is, or None: out of date, signed out since, suspended, not ours."""
    try:
        purpose, user_id, session_key, issued = json.loads(unseal(token))
    except (InvalidToken, ValueError, TypeError, UnicodeError):
        return None
    if purpose != PURPOSE or time.time() - issued > LIFE_SECONDS:
        return None
    session = SessionStore(session_key).load()
    user = ProfileBackend().get_user(user_id) if session.get(SESSION_KEY) == str(user_id) else None
    if user is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        return None
    return viewer_of(user)
