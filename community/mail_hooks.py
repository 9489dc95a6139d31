"""Where the mail provider tells us what came in and what came back: anymail's views, behind our own door.

Only the provider in use has addresses here. Each call carries the shared secret; only then is a body read that is
larger than what a form may send.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from anymail.urls import urlpatterns as every_provider
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from community.lib.incoming import LARGEST

View = Callable[..., HttpResponse]


def patterns(provider: str) -> list[URLPattern]:
    """Return the addresses of one provider, named `mail-…`; none when there is no provider."""
    ours = [one for one in every_provider if provider and str(one.name).startswith(f"{provider}_")]
    return [
        URLPattern(one.pattern, _guarded(_careful(one.callback)), name=_name(str(one.name))) for one in ours
    ]


def _name(theirs: str) -> str:
    """Return our name of an address: `mail-tracking` for anymail's `postmark_tracking_webhook`."""
    return f"mail-{theirs.split('_')[-2]}"


def _careful(view: Any) -> View:
    """Answer 400 to a body that cannot be read. What is raised later is our own fault: 500, and it is brought again."""

    class Careful(view.view_class):  # type: ignore[name-defined]
        def parse_events(self, request: HttpRequest) -> Any:
            try:
                return super().parse_events(request)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise BadRequest from error

    careful: View = Careful.as_view(**view.view_initkwargs)
    return careful


def _guarded(view: View) -> View:
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            if not _knows_the_secret(request):
                # 401 and not 403: some providers send the secret only when they are asked for it.
                refusal = HttpResponse(
                    _("Only the mail provider can use this URL."), status=401, content_type="text/plain"
                )
                refusal["WWW-Authenticate"] = 'Basic realm="mail"'
                return refusal
            if request.content_type == "application/json":
                length = str(request.META.get("CONTENT_LENGTH") or "0")
                size = int(length) if length.isascii() and length.isdecimal() else 0
                if size > 2 * LARGEST:
                    return HttpResponse(_("This e-mail is too large."), status=413, content_type="text/plain")
                # Mails with pictures are larger than Django lets `request.body` be.
                request._body = request.read(size)
        return view(request, *args, **kwargs)

    return guarded


def _knows_the_secret(request: HttpRequest) -> bool:
    given = get_request_basic_auth(request) or ""
    return any(constant_time_compare(given, secret) for secret in settings.ANYMAIL["WEBHOOK_SECRET"])
