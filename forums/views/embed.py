"""Questions at the end of a docs page: the script, the frame, its sign-in window, and writing from inside it."""

from __future__ import annotations

import hashlib
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_POST, require_safe

from community.lib.clients import client_key
from community.lib.errors import Conflict, TooMany
from community.pagecache import cached_page, list_parts
from forums.actions.docs import standing
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.docs import BadPage, allowed_page, origin_of
from forums.embed import issue_token, writer_of
from forums.gate import Arrival
from forums.models import Thread
from forums.queries.docs import moved_to, place_of, questions_of
from profiles.http import HttpRequest
from profiles.models import Profile

SCRIPT = settings.BASE_DIR / "static" / "embed" / "v1.js"
# Held while somebody signs in for a frame: those pages must not cut the window off from the page that opened it.
POPUP_COOKIE, POPUP_SECONDS = "embed_window", 900


@cache
def _script() -> bytes:
    return SCRIPT.read_bytes()


def _script_etag(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_script()).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=_script_etag)
def embed_script(request: HttpRequest) -> HttpResponse:
    """The element. Browsers and proxies may keep it for an hour; what it does changes only with its version."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600, stale-while-revalidate=86400"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@cached_page(list_parts)
@require_safe
def embed_questions(request: HttpRequest) -> HttpResponse:
    """The frame: a page's questions, the same for everybody, and a form to ask."""
    try:
        page = moved_to(allowed_page(request.GET.get("page", "")))
    except BadPage as refusal:
        return HttpResponse(str(refusal), status=403, content_type="text/plain; charset=utf-8")
    theme, section = request.GET.get("theme", ""), request.GET.get("section", "")[:100]
    context = {
        "page": page, "section": section, "origin": origin_of(request.GET["page"]), "place": place_of(page, section),
        "found": questions_of(page, _number(request)), "frame_theme": theme if theme in ("light", "dark") else "",
        "address": urlencode({"page": page, "section": section, "theme": theme}),
    }  # fmt: skip
    response = render(request, "embed/questions.html", context)
    response["Content-Security-Policy"] = _policy()
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # the policy says who may
    response["X-Robots-Tag"] = "noindex"
    return response


def _number(request: HttpRequest) -> int:
    value = request.GET.get("page_number", "1")
    return int(value) if value.isdecimal() and len(value) <= 4 else 1


def _policy() -> str:
    ancestors = " ".join(one.rstrip("/") for one in settings.EMBED_ORIGINS) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )


@require_safe
def embed_sign_in(request: HttpRequest) -> HttpResponse:
    """The window a frame opens: signs in at the top, then hands the frame a token and closes."""
    if request.viewer is None:
        response: HttpResponse = redirect(f"/accounts/login/?{urlencode({'next': '/embed/sign-in/'})}")
        response.set_cookie(
            POPUP_COOKIE,
            "1",
            max_age=POPUP_SECONDS,
            path="/accounts/",
            samesite="Lax",
            secure=settings.SECURE,
            httponly=True,
        )
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
    """While a frame's window signs in, let its pages keep the window that opened it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)
        if POPUP_COOKIE in request.COOKIES and request.path_info.startswith("/accounts/"):
            response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    return middleware


def _from_frame(act: Any) -> Any:
    """Let `act(request, writer, …)` answer in JSON, for whoever the token in the header is of; cookies say nothing here.

    No page of another site can send that header without being asked, so there is nothing to forge.
    """

    @csrf_exempt
    @require_POST
    @wraps(act)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        writer = writer_of(token) if scheme == "Embed" else None
        if writer is None:
            return JsonResponse({"detail": _("Sign in again to post."), "code": "not_signed_in"}, status=401)
        try:
            return JsonResponse(act(request, writer, **kwargs), status=201)
        except BadPage as refusal:
            return JsonResponse({"detail": str(refusal), "code": "bad_page"}, status=400)
        except ValidationError as refusal:
            told = (
                refusal.message_dict
                if hasattr(refusal, "error_dict")
                else {"detail": " ".join(refusal.messages)}
            )
            return JsonResponse(told, status=400)
        except PermissionDenied as refusal:
            return JsonResponse({"detail": str(refusal), "code": "permission_denied"}, status=403)
        except TooMany as refusal:
            wait = {"Retry-After": str(refusal.retry_after)}
            return JsonResponse({"detail": str(refusal), "code": "throttled"}, status=429, headers=wait)
        except Http404:
            return JsonResponse(
                {"detail": _("This question no longer exists."), "code": "not_found"}, status=404
            )
        except Conflict as refusal:
            return JsonResponse({"detail": str(refusal), "code": refusal.code}, status=409)

    return view


def _arrival(request: HttpRequest) -> Arrival:
    return Arrival("embed", client_key(request))


@_from_frame
def embed_ask(request: HttpRequest, writer: Profile) -> dict[str, object]:
    """Ask about a page; the page's rules choose the topic."""
    asked = request.POST
    page = moved_to(allowed_page(asked.get("page", "")))
    place = place_of(page, asked.get("section", "")[:100])
    thread = ask(
        writer, topic=standing(place.topic), subject=asked.get("subject", ""), body=asked.get("body", ""), docs_page=page,
        page_only=not place.listed, arrival=_arrival(request),
    )  # fmt: skip
    return {"url": thread.get_absolute_url(), "waits": thread.hidden_at is not None}


@_from_frame
def embed_reply(request: HttpRequest, writer: Profile, pk: int) -> dict[str, object]:
    """Reply to a question of the page."""
    thread = get_object_or_404(Thread.objects.visible_to(writer).exclude(docs_page=""), pk=pk)
    post = post_reply(writer, thread, body=request.POST.get("body", ""), arrival=_arrival(request))
    return {"url": post.get_absolute_url(), "waits": post.hidden_at is not None}
