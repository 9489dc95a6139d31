"""Who reads: `request.viewer` is the signed-in person's profile, or None."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from profiles.models import Profile, User

TOUCH_AFTER = timedelta(minutes=1)
VISIT_GAP = timedelta(minutes=30)


def viewer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.viewer` and note once a minute that the person was here."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        request.viewer = viewer_of(user) if user.is_authenticated else None  # type: ignore[attr-defined]
        if user.is_authenticated:
            touch(user)
        return get_response(request)

    return middleware


def viewer_of(user: User) -> Profile | None:
    """Return the profile of a user; users made outside the sign-up form may have none."""
    return getattr(user, "profile", None)


def touch(user: User) -> None:
    """Note the visit: one conditional UPDATE a minute, none in between."""
    now, seen = timezone.now(), user.last_seen_at
    if seen is not None and now - seen < TOUCH_AFTER:
        return
    changes = {"last_seen_at": now}
    if seen is not None and now - seen > VISIT_GAP:
        changes["previous_visit_at"] = seen
    User.objects.filter(pk=user.pk, last_seen_at=seen).update(**changes)
    for field, value in changes.items():
        setattr(user, field, value)
