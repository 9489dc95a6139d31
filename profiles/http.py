"""The request as views see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from community.lib.http import HttpRequest as ViewedRequest

if TYPE_CHECKING:
    from profiles.models import Profile


class HttpRequest(ViewedRequest):
    """A request after `profiles.middleware.viewer`: `viewer` is the signed-in person's profile, or None."""

    viewer: Profile | None
