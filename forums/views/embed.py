"""Questions on a docs page: the script, the frame, its sign-in window, and writing from inside the frame."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.views.decorators.http import condition, require_safe
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.parsers import BoundedMultiPartParser
from community.api.views import ApiView
from community.lib.clients import client_key
from community.pagecache import cached_page, list_parts
from forums.actions.docs import standing
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.api.embed import page_from
from forums.docs import BadPage, allowed_page, origin_of
from forums.embed import issue_token, writer_of
from forums.gate import Arrival
from forums.models import Post, Thread
from forums.queries.docs import moved_to, place_of, questions_of
from forums.views.threads import page_number
from profiles.http import HttpRequest
from profiles.models import User
from profiles.views.guards import redirect_to_sign_in

SCRIPT = settings.BASE_DIR / "static" / "embed" / "v1.js"
# Set while someone signs in for a frame: those pages must keep the window's opener.
POPUP_COOKIE, POPUP_SECONDS = "embed_window", 900


@cache
def _script() -> bytes:
    return SCRIPT.read_bytes()


def _script_etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_script_etag)
def embed_script(request: HttpRequest) -> HttpResponse:
    """The element's script. Browsers and proxies may cache it for an hour."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600, stale-while-revalidate=86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@cached_page(list_parts)
@require_safe
def embed_questions(request: HttpRequest) -> HttpResponse:
    """The frame: the public questions of a page, and a form to ask."""
    try:
        page = moved_to(allowed_page(request.GET.get("page", "")))
    except BadPage as refusal:
        return HttpResponse(str(refusal), status=403, content_type="text/plain; charset=utf-8")
    theme, section = request.GET.get("theme", ""), request.GET.get("section", "")[:100]
    context = {
        "page": page,
        "section": section,
        "origin": origin_of(request.GET["page"]),
        "place": place_of(page, section),
        "found": questions_of(page, page_number(request, "page_number")),
        "frame_theme": theme if theme in ("light", "dark") else "",
        "address": urlencode({"page": page, "section": section, "theme": theme}),
    }
    response = render(request, "embed/questions.html", context)
    response["Content-Security-Policy"] = _policy()
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # the policy says who may
    response["X-Robots-Tag"] = "noindex"
    return response


def _policy() -> str:
    ancestors = " ".join(one.rstrip("/") for one in settings.EMBED_ORIGINS) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )


@require_safe
def embed_sign_in(request: HttpRequest) -> HttpResponse:
    """The window a frame opens: signs the person in, hands the frame a token and closes."""
    if request.viewer is None:
        response = redirect_to_sign_in(request.path)
        keep = {"path": "/accounts/", "samesite": "Lax", "secure": settings.SECURE, "httponly": True}
        response.set_cookie(POPUP_COOKIE, "1", max_age=POPUP_SECONDS, **keep)
    else:
        assert not isinstance(request.user, AnonymousUser)
        response = render(
            request, "embed/signed_in.html", {"token": issue_token(request.user, request.session)}
        )
        response["Cache-Control"] = "no-store"
        response.delete_cookie(POPUP_COOKIE, path="/accounts/", samesite="Lax")
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def keep_opener(get_response: Any) -> Any:
    """Let sign-in pages in a frame's window keep the window that opened it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)
        if POPUP_COOKIE in request.COOKIES and request.path_info.startswith("/accounts/"):
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    return middleware


class WriterAuthentication(BaseAuthentication):
    """`Authorization: Embed TOKEN`. Cookies don't count, so other sites can't forge requests."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        writer = writer_of(token) if scheme == "Embed" else None
        return (writer.user, token) if writer and writer.user else None

    def authenticate_header(self, request: Request) -> str:
        return "Embed"


class EmbedView(ApiView):
    """Writes for the person whose token the frame sends; answers and refuses as the API does."""

    schema = None
    authentication_classes = (WriterAuthentication,)
    parser_classes = (BoundedMultiPartParser, FormParser)
    throttle_classes = ()

    def answer(self, row: Thread | Post) -> Response:
        return Response({"url": row.get_absolute_url(), "waits": row.hidden_at is not None}, status=201)


class EmbedAsk(EmbedView):
    def post(self, request: Request) -> Response:
        """Ask about a page; the page's rules choose the topic."""
        page = page_from(request.data.get("page", ""))
        place = place_of(page, request.data.get("section", "")[:100])
        thread = ask(
            self.viewer,
            topic=standing(place.topic),
            subject=request.data.get("subject", ""),
            body=request.data.get("body", ""),
            docs_page=page,
            page_only=not place.listed,
            arrival=Arrival("embed", client_key(request._request)),
        )
        return self.answer(thread)


class EmbedReply(EmbedView):
    def post(self, request: Request, pk: int) -> Response:
        """Reply to a question of the page."""
        thread = get_object_or_404(Thread.objects.visible_to(self.viewer).exclude(docs_page=""), pk=pk)
        arrival = Arrival("embed", client_key(request._request))
        return self.answer(
            post_reply(self.viewer, thread, body=request.data.get("body", ""), arrival=arrival)
        )
