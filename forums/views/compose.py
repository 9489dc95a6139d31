"""Asking and replying. Nothing typed is lost: with JavaScript off, signed in or not."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.errors import TooMany
from community.lib.markdown import BODY_LIMIT
from community.lib.origin import guest_writable
from community.lib.refusals import REFUSALS, add_errors, error_message
from forums.actions import drafts
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.forms import AskForm, ReplyForm, TrappedForm, split_tags
from forums.models import Draft, PendingPost, Post
from forums.queries import pages
from forums.queries.docs import topic_for
from forums.queries.rail import rail
from forums.queries.similar import Similar, similar
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import redirect_to_sign_in

PENDING_COOKIE, GUEST_COOKIE = "pending", "guest"
COOKIE_SECONDS = 7 * 24 * 3600


@guest_writable
@require_http_methods(["GET", "HEAD", "POST"])
def thread_ask(request: HttpRequest) -> HttpResponse:
    """The ask form; a guest's question is kept while they sign in."""
    viewer = request.viewer
    if request.method == "POST" and "look" in request.POST:
        return _look(request)
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        asked = {name: fields[name] for name in ("subject", "body", "docs_page", "private")}
        with _refusals_in(form):
            if viewer is None:
                topic, tags = fields["topic"].slug, " ".join(fields["tags"])
                return _keep(request, form, topic_slug=topic, tags=tags, **asked)
            arrival = form.arrival(client_key(request))
            thread = ask(viewer, topic=fields["topic"], tags=fields["tags"], arrival=arrival, **asked)
            return redirect(thread.get_absolute_url())
    return _form_page(request, "forums/ask.html", form, _ask_context(form))


@contextmanager
def _refusals_in(form: TrappedForm) -> Iterator[None]:
    """Show in `form` why the action inside refused."""
    try:
        yield
    except REFUSALS as refusal:
        add_errors(form, refusal)
        form.refusal = refusal


def _form_page(
    request: HttpRequest, template: str, form: TrappedForm, context: dict[str, object]
) -> HttpResponse:
    """Return the page with what was typed; after too many requests, with when to try again."""
    refusal = form.refusal
    status = 429 if isinstance(refusal, TooMany) else 400 if form.is_bound else 200
    response = render(request, template, context, status=status)
    if isinstance(refusal, TooMany):
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _ask_context(form: AskForm) -> dict[str, object]:
    return {"area": "ask", "form": form, "body_limit": BODY_LIMIT, "draft_key": "ask", "rail": rail()}


def _look(request: HttpRequest) -> HttpResponse:
    """Show the form again with similar threads beside it; scripts do this while someone types."""
    ratelimit.check("similar", client_key(request), limit=120, seconds=60)
    context = {**_ask_context(AskForm(initial=request.POST.dict())), "similar": similar_to(request.POST)}
    return render(request, "forums/ask.html", context)


def similar_to(asked: QueryDict) -> Sequence[Similar]:
    """Return threads like the question in a form."""
    tags = split_tags(asked.get("tags", "")[:250])[:5]
    return similar(asked.get("subject", "")[:200], asked.get("body", ""), tags)


def _initial(request: HttpRequest) -> dict[str, str]:
    asked = {
        name: request.GET.get(name, "")[:500] for name in ("subject", "topic", "tags", "body", "docs_page")
    }
    draft = Draft.objects.filter(profile=request.viewer, key="ask").first() if request.viewer else None
    if draft is not None and not any(asked.values()):
        return {
            name: getattr(draft, "topic_slug" if name == "topic" else name)
            for name in ("subject", "topic", "tags", "body", "docs_page")
        }
    return {**asked, "topic": asked["topic"] or topic_for(asked["docs_page"])}


@guest_writable
@require_POST
def thread_reply(request: HttpRequest, slug: str) -> HttpResponse:
    """Post a reply; a guest's is kept while they sign in."""
    viewer = request.viewer
    thread, now_at = pages.find_thread(slug, viewer)
    if now_at:
        thread, now_at = pages.find_thread(now_at, viewer)
    if thread is None:
        raise Http404
    form = ReplyForm(request.POST)
    if form.is_valid():
        body, number = form.cleaned_data["body"], form.cleaned_data["reply_to"]
        with _refusals_in(form):
            if viewer is None:
                return _keep(request, form, thread=thread, body=body)
            to = Post.objects.filter(thread=thread, number=number).first() if number else None
            arrival = form.arrival(client_key(request))
            return redirect(
                post_reply(viewer, thread, body=body, reply_to=to, arrival=arrival).get_absolute_url()
            )
    context = {
        "area": "questions",
        "thread": thread,
        "form": form,
        "body_limit": BODY_LIMIT,
        "draft_key": f"thread:{thread.pk}",
    }
    return _form_page(request, "forums/reply.html", form, context)


def _keep(request: HttpRequest, form: TrappedForm, **fields: Any) -> HttpResponse:
    """Keep a guest's text while they sign in or up."""
    ratelimit.check("pending", client_key(request), limit=20, seconds=3600)
    token = drafts.keep_for_guest(trapped=bool(form.cleaned_data["website"]), **fields)
    response = redirect_to_sign_in(reverse("post-pending"), join="join" in request.POST)
    set_token(response, PENDING_COOKIE, token)
    return response


def set_token(response: HttpResponse, name: str, token: str) -> None:
    """Set a cookie with a token that only this site's pages receive."""
    response.set_cookie(
        name, token, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def guest_token(request: HttpRequest) -> str:
    """Return the token a guest's images are kept under, a new one for a new guest."""
    token = request.COOKIES.get(GUEST_COOKIE, "")
    return token if 20 <= len(token) <= 64 else secrets.token_urlsafe(32)


def post_on_arrival(request: HttpRequest, profile: Profile) -> None:
    """Post what the guest wrote, as soon as they have signed in; what is refused becomes a draft."""
    token, guest = request.COOKIES.get(PENDING_COOKIE, ""), request.COOKIES.get(GUEST_COOKIE, "")
    if guest:
        drafts.adopt_uploads(profile, guest)
    if not token:
        return
    try:
        post = drafts.post_pending(profile, token, guest_token=guest, address=client_key(request))
        # A new thread opens at the top, a reply at the reply.
        request.session["arrived_at"] = (post if post.number > 1 else post.thread).get_absolute_url()
        messages.success(request, _posted(post))
    except PendingPost.DoesNotExist:
        return
    except REFUSALS as refusal:
        drafts.turn_pending_into_draft(profile, token)
        kept = _("Your text couldn’t be posted and is saved as a draft. %(why)s")
        messages.error(request, kept % {"why": error_message(refusal)})


def _posted(post: Post) -> str:
    if post.held_at:
        return _("Your text is saved. A moderator reviews it before everyone can see it.")
    if post.number > 1:
        return _("Reply posted.")
    return _("Question posted.") if post.thread.is_question else _("Discussion posted.")


@require_safe
def pending(request: HttpRequest) -> HttpResponse:
    """Redirect after signing in: to the post, or to the draft it became. Changes nothing."""
    if request.viewer is None:
        return redirect_to_sign_in(request.path)
    response = redirect(request.session.get("arrived_at") or "draft-list")
    for cookie in (PENDING_COOKIE, GUEST_COOKIE):
        response.delete_cookie(cookie, samesite="Lax")
    return response
