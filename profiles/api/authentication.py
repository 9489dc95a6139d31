"""API authentication: a bearer key or the browser's session."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from profiles.actions.keys import digest
from profiles.models import ApiKey, User

USED_EVERY = timedelta(minutes=1)
KEY = re.compile(r"[!-~]{1,200}")
MALFORMED = gettext_lazy("Send your key as “Authorization: Bearer KEY”.")


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer KEY`.

    `request.auth` is the ApiKey, whose `scopes` the permission classes read.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _space, key = header.strip().partition(" ")
        if not scheme or scheme.lower() == "basic":  # basic auth belongs to a proxy in front of us
            return None
        if scheme.lower() != "bearer" or not KEY.fullmatch(key.strip()):
            raise exceptions.AuthenticationFailed(MALFORMED)
        found = self._find(key.strip())
        if found is None:
            raise exceptions.AuthenticationFailed(_("This key is unknown, expired or revoked."))
        self._touch(found)
        user = found.user
        if hasattr(user, "profile"):
            user.profile.user = user
            request._request.viewer = user.profile
        return user, found

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def _find(self, key: str) -> ApiKey | None:
        keys = ApiKey.objects.select_related("user__profile__team").filter(
            digest=digest(key), revoked_at=None
        )
        return keys.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), user__is_active=True
        ).first()

    def _touch(self, key: ApiKey) -> None:
        now, used = timezone.now(), key.last_used_at
        if used is None or now - used > USED_EVERY:
            ApiKey.objects.filter(pk=key.pk, last_used_at=used).update(last_used_at=now)


class SessionAuthentication(authentication.SessionAuthentication):
    """Django's session with CSRF; 401, not 403, for those who are not signed in."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refusal:
            sentence = _("The CSRF token is missing or invalid. Reload the page, or use an API key.")
            raise exceptions.PermissionDenied(sentence, code="csrf_failed") from refusal
