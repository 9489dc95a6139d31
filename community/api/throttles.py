"""How often one may ask. The counts live in the cache, which fails open: with it away everybody passes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from community.lib import ratelimit
from community.lib.clients import client_key

if TYPE_CHECKING:
    from rest_framework.views import APIView


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Throttle(BaseThrottle):
    """A fixed window. Past the limit `ratelimit.check` raises TooMany, which carries the seconds to wait."""

    scope = ""

    def allow_request(self, request: Request, view: APIView) -> bool:
        who = self.who(request)
        if who is not None:
            limit, seconds = rate(self.scope)
            left = ratelimit.check(f"api-{self.scope}", who, limit=limit, seconds=seconds)
            _remember(request, self.scope, f"q={limit};w={seconds}", f"r={left.uses};t={left.seconds}")
        return True

    def who(self, request: Request) -> str | None:
        """Return whom the count is for, or None when this throttle does not look at the request."""
        raise NotImplementedError

    def wait(self) -> float | None:
        return None


class MemberThrottle(Throttle):
    scope = "member"

    def who(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class GuestThrottle(Throttle):
    scope = "guest"

    def who(self, request: Request) -> str | None:
        return None if request.user.is_authenticated else client_key(request._request)


class WriteThrottle(Throttle):
    scope = "write"

    def who(self, request: Request) -> str | None:
        if request.method in SAFE_METHODS or not request.user.is_authenticated:
            return None
        return str(request.user.pk)


def headers(request: Request) -> dict[str, str]:
    """Return what an answer says about the limits that were counted for it (draft-ietf-httpapi-ratelimit-headers)."""
    counted = getattr(request, "limits", {})
    policies = ", ".join(f'"{scope}";{policy}' for scope, (policy, _left) in counted.items())
    return {
        "RateLimit-Policy": policies,
        "RateLimit": ", ".join(f'"{scope}";{left}' for scope, (_policy, left) in counted.items()),
    }


def _remember(request: Request, scope: str, policy: str, left: str) -> None:
    if not hasattr(request, "limits"):
        request.limits = {}  # type: ignore[attr-defined]
    request.limits[scope] = (policy, left)  # type: ignore[attr-defined]


def rate(scope: str) -> tuple[int, int]:
    """Return (limit, seconds) of a scope, from "600/min" in the settings."""
    number, _slash, period = api_settings.DEFAULT_THROTTLE_RATES[scope].partition("/")
    return int(number), SECONDS[period[0]]
