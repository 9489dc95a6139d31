"""Who reads: `request.viewer` is the signed-in person's profile, or None."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib.htmx import is_htmx
from profiles import second_factor
from profiles.actions.notifications import read_place
from profiles.hooks import hooks
from profiles.http import HttpRequest
from profiles.models import Profile, User

TOUCH_AFTER = timedelta(minutes=1)
VISIT_GAP = timedelta(minutes=30)
# Programs, frames on other sites and files are not redirected; the redirect leads to an appeal.
NO_REDIRECT = ("/api/", "/embed/", "/media/", "/appeals/")


def viewer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `request.viewer`, note once a minute that the person was here, and hold privileged pages for the second factor."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        request.viewer = None
        if not user.is_authenticated:
            page = ended_session_page(request)
            return redirect(page) if page else get_response(request)
        request.viewer = viewer_of(user)
        touch(user)
        if request.viewer is not None and is_visit(request):
            read_place(request.viewer, request.get_full_path())
        if second_factor.is_missing(user):
            if second_factor.is_privileged(request.path_info):
                messages.warning(
                    request,
                    _(
                        "Your role requires two-factor authentication. Add an authenticator app or a passkey first."
                    ),
                )
                return redirect("mfa_index")
            if request.viewer is not None:
                request.viewer.role_waits = True
        return get_response(request)

    return middleware


def ended_session_page(request: HttpRequest) -> str | None:
    """Return the page for a browser whose session was ended by a ban.

    The answer takes its cookie, so it is led there once.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not key or request.session.session_key is not None or request.path_info.startswith(NO_REDIRECT):
        return None
    return hooks.ended_session_page(key)


def is_visit(request: HttpRequest) -> bool:
    """Say whether a person opens a page: no script, no program, no browser that loads ahead."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return (
        request.method == "GET"
        and not ahead
        and not is_htmx(request)
        and not request.path_info.startswith("/api/")
    )


def viewer_of(user: User) -> Profile | None:
    """Return the profile of a user; users made outside the sign-up form may have none."""
    return getattr(user, "profile", None)


def touch(user: User) -> None:
    """Note the visit: one conditional UPDATE a minute, none in between.

    After a gap the visit before it has ended.
    """
    now, seen = timezone.now(), user.last_seen_at
    if seen is not None and now - seen < TOUCH_AFTER:
        return
    changes = {"last_seen_at": now}
    if seen is not None and now - seen > VISIT_GAP:
        changes["previous_visit_at"] = seen
    if User.objects.filter(pk=user.pk, last_seen_at=seen).update(**changes):
        for field, value in changes.items():
            setattr(user, field, value)
