"""The decorator of pages for moderators."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse

from moderation.permissions import require_moderator
from profiles.http import HttpRequest
from profiles.views.guards import signed_in

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """Send guests to sign in, refuse members and champions, and keep the page out of search engines."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_moderator(request.viewer)
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded
