"""Toasts for achievements: those awarded during a request become messages on the next page."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GetResponse = Callable[[HttpRequest], HttpResponse]
_earned: ContextVar[list[tuple[int, str, int]] | None] = ContextVar("earned", default=None)


def remember(profile_id: int, title: str, points: int) -> None:
    """Remember an award until the end of the request; outside of one there is only the notification."""
    waiting = _earned.get()
    if waiting is not None:
        waiting.append((profile_id, title, points))


def middleware(get_response: GetResponse) -> GetResponse:
    """Show the viewer what they earned in this request; others are notified."""

    def handle(request: HttpRequest) -> HttpResponse:
        token = _earned.set([])
        try:
            response = get_response(request)
            waiting = _earned.get() or []
        finally:
            _earned.reset(token)
        viewer = getattr(request, "viewer", None)
        for profile_id, title, points in waiting:
            if viewer is not None and viewer.pk == profile_id:
                messages.success(request, sentence(title, points))
        return response

    return handle


def sentence(title: str, points: int) -> str:
    """Return the toast of an achievement."""
    if not points:
        return _("Achievement earned: %(title)s.") % {"title": title}
    return ngettext(
        "Achievement earned: %(title)s, %(count)d point.",
        "Achievement earned: %(title)s, %(count)d points.",
        points,
    ) % {"title": title, "count": points}
