"""Error pages: HTML for browsers, JSON under /api/ and for scripts."""

from __future__ import annotations

import errno
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from community.lib.database.errors import is_unavailable
from community.lib.errors import Conflict, TooMany

RETRY_AFTER_SECONDS = 10
DISK_FULL = "53100"
"""PostgreSQL's own code (SQLSTATE)."""


def answer(
    request: HttpRequest, status: int, title: str, sentence: str, code: str, *, help_path: str = ""
) -> HttpResponse:
    """Return the error page or JSON for `status`, without using the session or the database.

    Browsers must not cache it: a cached 410 would still be shown after the page is restored.
    """
    headers = {"Cache-Control": "no-store"}
    if request.path_info.startswith("/api/") or not request.accepts("text/html"):
        return JsonResponse({"detail": sentence, "code": code}, status=status, headers=headers)
    context = {
        "title": title,
        "sentence": sentence,
        "status": status,
        "help_path": help_path,
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
    }
    return HttpResponse(render_to_string("errors/error.html", context), status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    return answer(
        request,
        400,
        _("Bad request"),
        _("We couldn’t read the address or the form. Go back, reload the page and try again."),
        "bad_request",
    )


def permission_denied(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    sentence = str(exception or "") or _("Your account doesn’t have permission for this.")
    return answer(request, 403, _("You don’t have access"), sentence, "forbidden")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _(
        "The page was open for too long, or your browser blocks cookies. Go back, reload the page and send the form again."
    )
    return answer(request, 403, _("This form has expired"), sentence, "csrf_failed")


def not_found(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    sentence = _("The page may have been moved or deleted. Check the address, or search for it.")
    return answer(request, 404, _("Page not found"), sentence, "not_found")


def gone(request: HttpRequest) -> HttpResponse:
    return answer(
        request, 410, _("This page was deleted"), _("Its author or a moderator deleted it."), "gone"
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is unreachable, hangs or is too busy."""
    sentence = _("We can’t load or save anything at the moment. Go back, and try again in a minute.")
    response = answer(request, 503, _("Temporarily unavailable"), sentence, "unavailable")
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an uncaught exception. Django calls this while the exception is being handled."""
    if is_full(sys.exception()):
        sentence = _(
            "Our server is out of disk space, so nothing was saved. Copy your text, then try again in a few minutes."
        )
        return answer(request, 507, _("Something went wrong"), sentence, "disk_full")
    if is_unavailable(sys.exception()):
        return unavailable(request)
    sentence = _("The error was logged. Try again in a moment.")
    return answer(request, 500, _("Something went wrong"), sentence, "server_error")


def is_full(error: BaseException | None) -> bool:
    """Return whether the web server's or PostgreSQL's disk is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "pgcode", None) == DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


class RefusalMiddleware:
    """Turn `Conflict` into 409 and `TooMany` into 429 with Retry-After."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            response = answer(
                request,
                429,
                _("Too many requests"),
                exception.sentence,
                "too_many",
                help_path=exception.help_path,
            )
            response["Retry-After"] = str(exception.retry_after)
            return response
        if isinstance(exception, Conflict):
            return answer(
                request, 409, _("This has changed in the meantime"), exception.sentence, exception.code
            )
        return None
