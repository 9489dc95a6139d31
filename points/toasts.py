"""Telling people at once what they just earned: what is awarded while a request runs becomes a message on their next page."""

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
    """Keep an award for the end of the request; outside of one, the notification has to do."""
    waiting = _earned.get()
    if waiting is not None:
        waiting.append((profile_id, title, points))


def middleware(get_response: GetResponse) -> GetResponse:
    """Say what the viewer earned in this request. What others earned by it reaches them as a notification."""

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
    """Return how somebody hears of an achievement."""
    if not points:
        return _("Achievement earned: %(title)s.") % {"title": title}
    return ngettext(
        "Achievement earned: %(title)s, %(count)d point.",
        "Achievement earned: %(title)s, %(count)d points.",
        points,
    ) % {"title": title, "count": points}
