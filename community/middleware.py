"""What every request passes: a request id, headers that protect people, and a refusal of input that no page can read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from community.lib.logs import new_request_id
from community.lib.logs import request_id as current_request_id

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: GetResponse) -> GetResponse:
    """Give the request an id that stands in its logs and in the answer's `X-Request-ID`."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = new_request_id(request.META.get("HTTP_X_REQUEST_ID", ""))
        token = current_request_id.set(chosen)
        try:
            response = get_response(request)
        finally:
            current_request_id.reset(token)
        response["X-Request-ID"] = chosen
        return response

    return middleware


def refuse_bad_input(get_response: GetResponse) -> GetResponse:
    """Answer 400 to addresses and session cookies holding NUL, which PostgreSQL cannot store or compare."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            from community.errors import bad_request

            return bad_request(request, None)
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if (cookie is not None and not cookie.isascii()) or "\x00" in (cookie or ""):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return get_response(request)

    return middleware


PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


def privacy_headers(get_response: GetResponse) -> GetResponse:
    """Keep pages made for a session out of every cache, unless they say otherwise, and switch off what no page uses."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        session = settings.SESSION_COOKIE_NAME
        if session in request.COOKIES or session in response.cookies:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
