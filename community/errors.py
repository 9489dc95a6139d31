"""Pages and answers for what went wrong, in the form the caller reads: HTML, or JSON under /api/ and for scripts."""

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
    """Return the page or JSON for `status`. Touches neither session nor database.

    Browsers must not keep it: a 410 without bounds would still be shown when what was deleted is back.
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
        _("That request makes no sense to us"),
        _("Something in the address or the form could not be read."),
        "bad_request",
    )


def permission_denied(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    sentence = str(exception) if exception and str(exception) else _("You may not do this.")
    return answer(request, 403, _("This is not open to you"), sentence, "forbidden")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = _(
        "The form was open for too long, or cookies are off. Go back, reload the page and send it again."
    )
    return answer(request, 403, _("The form could not be checked"), sentence, "csrf_failed")


def not_found(request: HttpRequest, exception: Exception | None) -> HttpResponse:
    sentence = _("The page may have moved, or it was never here.")
    return answer(request, 404, _("Nothing here"), sentence, "not_found")


def gone(request: HttpRequest) -> HttpResponse:
    return answer(request, 410, _("This was deleted"), _("Its author or a moderator deleted it."), "gone")


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away, hangs or is too busy."""
    sentence = _("We can’t load or save anything at the moment. Go back, and try again in a minute.")
    response = answer(request, 503, _("We’ll be back shortly"), sentence, "unavailable")
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception nobody caught. Django calls this while it is handled."""
    if is_full(sys.exception()):
        sentence = _(
            "Our disk is full, so this was not saved. Copy your text, and try again in a few minutes."
        )
        return answer(request, 507, _("No space left"), sentence, "disk_full")
    if is_unavailable(sys.exception()):
        return unavailable(request)
    sentence = _("Something broke on our side. It is noted; try again in a moment.")
    return answer(request, 500, _("That did not work"), sentence, "server_error")


def is_full(error: BaseException | None) -> bool:
    """Whether a disk of ours has no space left: the web server's, or PostgreSQL's."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "pgcode", None) == DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False


class RefusalMiddleware:
    """Turn our own refusals into answers: 409 and 429 with Retry-After."""

    def __init__(self, get_response):  # type: ignore[no-untyped-def]
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TooMany):
            response = answer(
                request,
                429,
                _("A little too fast"),
                exception.sentence,
                "too_many",
                help_path=exception.help_path,
            )
            response["Retry-After"] = str(exception.retry_after)
            return response
        if isinstance(exception, Conflict):
            return answer(request, 409, _("That has changed meanwhile"), exception.sentence, exception.code)
        return None
