"""What scripts of ours need that plain forms don't: to be told of a redirect, which `fetch` would follow unseen."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]


def is_htmx(request: HttpRequest) -> bool:
    """Say whether a script asks, for a fragment, and not a browser for a page."""
    return "HX-Request" in request.headers


def middleware(get_response: GetResponse) -> GetResponse:
    """Answer a script with 204 and `HX-Redirect` where a browser gets a redirect, `HX-Refresh` where that is the page itself."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not is_htmx(request) or response.status_code not in (301, 302, 303, 307, 308):
            return response
        to = response["Location"]
        del response["Location"]
        response.status_code, response.content = 204, b""
        response["HX-Redirect"] = to
        here = urldefrag(request.headers.get("HX-Current-URL", "")).url
        if urldefrag(urljoin(here, to)).url == here:
            response["HX-Refresh"] = "true"
        return response

    return answer
