"""POSTs from pages kept for guests: no token in the page, so the browser's own word for where they come from decides."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]


def is_same_origin(request: HttpRequest) -> bool:
    """Say whether a browser sent this from one of our own pages (or no browser sent it)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def guest_writable(view: View) -> View:
    """Let guests POST without a CSRF token when they come from our own pages; the signed-in need the token as ever."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            if request.user.is_authenticated:
                check = CsrfViewMiddleware(view)  # type: ignore[arg-type]
                check.process_request(request)
                if (refused := check.process_view(request, _plain, (), {})) is not None:  # type: ignore[arg-type]
                    return refused
            elif not is_same_origin(request):
                raise PermissionDenied(_("This form was sent from another site."))
        return view(request, *args, **kwargs)

    return guarded


def _plain(request: HttpRequest) -> None:
    """A view without exemptions, for the middleware to look at."""
