"""What every page for moderators asks first."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse

from community.lib.errors import Conflict
from moderation.permissions import require_moderator
from profiles.http import HttpRequest
from profiles.views.guards import signed_in

View = Callable[..., HttpResponse]


def for_moderators(view: View) -> View:
    """Send guests to the door; say no to members and champions. What is shown is nobody else's and not kept."""

    @wraps(view)
    @signed_in
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_moderator(request.viewer)
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


def said_no(request: HttpRequest, act: Callable[..., Any], *args: Any, done: str = "", **kwargs: Any) -> bool:
    """Run an action; show what it says when it refuses, `done` when it went through. Returns whether it refused."""
    try:
        act(*args, **kwargs)
    except (PermissionDenied, ValidationError, Conflict) as refusal:
        messages.error(
            request, " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        )
        return True
    if done:
        messages.success(request, done)
    return False
