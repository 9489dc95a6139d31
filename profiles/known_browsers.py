"""A signed cookie marks browsers that members signed in from, so guessing from elsewhere cannot lock them out."""

from __future__ import annotations

from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "browser"
SALT = "profiles.browser"
LIFE_SECONDS = 365 * 24 * 3600
LARGEST = 5  # members a shared computer remembers


def remember_browser(request: HttpRequest, response: HttpResponse, user_id: int) -> None:
    """Note in the browser that this member signed in there."""
    members = [user_id, *(one for one in _members(request) if one != user_id)][:LARGEST]
    value = signing.dumps(members, salt=SALT)
    response.set_cookie(COOKIE, value, LIFE_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax")


def is_known_browser(request: HttpRequest, email: str) -> bool:
    """Say whether the member with this e-mail address signed in from this browser before."""
    members = _members(request)
    return bool(members) and any(user.pk in members for user in filter_users_by_email(email))


def _members(request: HttpRequest) -> list[int]:
    try:
        return list(signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE_SECONDS))
    except signing.BadSignature:
        return []
