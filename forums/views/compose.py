"""Asking and replying: with JavaScript off, signed in or not, nothing typed is lost."""

from __future__ import annotations

import secrets

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.errors import TooMany
from community.lib.markdown import BODY_LIMIT
from community.lib.origin import guest_writable
from community.lib.refusals import add_errors
from forums.actions import drafts
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.forms import AskForm, ReplyForm, split_tags
from forums.models import Draft, PendingPost, Post, Thread
from forums.queries import pages
from forums.queries.docs import topic_for
from forums.queries.rail import rail
from forums.queries.similar import similar
from profiles.http import HttpRequest
from profiles.models import Profile

PENDING_COOKIE, GUEST_COOKIE = "pending", "guest"
COOKIE_SECONDS = 7 * 24 * 3600


@guest_writable
@require_http_methods(["GET", "HEAD", "POST"])
def thread_ask(request: HttpRequest) -> HttpResponse:
    """The ask form; a guest's question waits while they sign in."""
    viewer = request.viewer
    if request.method == "POST" and "look" in request.POST:
        return _look(request)
    form = AskForm(request.POST) if request.method == "POST" else AskForm(initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            if viewer is None:
                return _keep(
                    request,
                    subject=fields["subject"],
                    topic_slug=fields["topic"].slug,
                    tags=" ".join(fields["tags"]),
                    body=fields["body"],
                    docs_page=fields["docs_page"],
                    private=fields["private"],
                    trapped=bool(fields["website"]),
                )
            wanted = {
                name: fields[name] for name in ("topic", "subject", "tags", "body", "docs_page", "private")
            }
            return redirect(
                ask(viewer, **wanted, arrival=form.arrival(client_key(request))).get_absolute_url()
            )
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            return _wait(render(request, "forums/ask.html", _ask_context(form, refusal), status=429), refusal)
    context = _ask_context(form)
    return render(request, "forums/ask.html", context, status=400 if form.is_bound else 200)


def _ask_context(form: AskForm, refusal: TooMany | None = None) -> dict[str, object]:
    if refusal:
        form.add_error(None, refusal.sentence)
        form.help_path = refusal.help_path
    return {"area": "ask", "form": form, "body_limit": BODY_LIMIT, "draft_key": "ask", "rail": rail()}


def _wait(response: HttpResponse, refusal: TooMany) -> HttpResponse:
    response["Retry-After"] = str(refusal.retry_after)
    return response


def _look(request: HttpRequest) -> HttpResponse:
    """Show what was typed again, with similar threads beside it: what scripts do while somebody types."""
    asked = request.POST
    ratelimit.check("similar", client_key(request), limit=120, seconds=60)
    found = similar(
        asked.get("subject", "")[:200], asked.get("body", ""), split_tags(asked.get("tags", "")[:250])[:5]
    )
    return render(
        request, "forums/ask.html", {**_ask_context(AskForm(initial=asked.dict())), "similar": found}
    )


def _initial(request: HttpRequest) -> dict[str, str]:
    asked = {
        name: request.GET.get(name, "")[:500] for name in ("subject", "topic", "tags", "body", "docs_page")
    }
    viewer = request.viewer
    draft = Draft.objects.filter(profile=viewer, key="ask").first() if viewer else None
    if draft is not None and not any(asked.values()):
        return {
            "subject": draft.subject,
            "topic": draft.topic_slug,
            "tags": draft.tags,
            "body": draft.body,
            "docs_page": draft.docs_page,
        }
    return {**asked, "topic": asked["topic"] or topic_for(asked["docs_page"])}


@guest_writable
@require_POST
def thread_reply(request: HttpRequest, slug: str) -> HttpResponse:
    """Post a reply; a guest's waits while they sign in."""
    viewer = request.viewer
    thread, now_at = pages.find_thread(slug, viewer)
    if thread is None and now_at:
        thread, now_at = pages.find_thread(now_at, viewer)
    if thread is None:
        raise Http404
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            if viewer is None:
                return _keep(
                    request,
                    thread=thread,
                    body=form.cleaned_data["body"],
                    trapped=bool(form.cleaned_data["website"]),
                )
            number = form.cleaned_data["reply_to"]
            to = Post.objects.filter(thread=thread, number=number).first() if number else None
            arrival, body = form.arrival(client_key(request)), form.cleaned_data["body"]
            return redirect(
                post_reply(viewer, thread, body=body, reply_to=to, arrival=arrival).get_absolute_url()
            )
        except ValidationError as error:
            add_errors(form, error)
        except PermissionDenied as refusal:
            form.add_error(None, str(refusal))
        except TooMany as refusal:
            form.add_error(None, refusal.sentence)
            form.help_path = refusal.help_path
            return _wait(reply_again(request, thread, form, status=429), refusal)
    return reply_again(request, thread, form)


def reply_again(request: HttpRequest, thread: Thread, form: forms.Form, *, status: int = 400) -> HttpResponse:
    """Show what was typed again, with what is wrong."""
    context = {
        "area": "questions",
        "thread": thread,
        "form": form,
        "body_limit": BODY_LIMIT,
        "draft_key": f"thread:{thread.pk}",
    }
    return render(request, "forums/reply.html", context, status=status)


def _keep(request: HttpRequest, **fields: object) -> HttpResponse:
    ratelimit.check("pending", client_key(request), limit=20, seconds=3600)
    token = drafts.keep_for_guest(**fields)  # type: ignore[arg-type]
    next_page = urlencode({"next": "/questions/pending/"})
    response = redirect(
        f"{'/accounts/signup/' if 'join' in request.POST else '/accounts/login/'}?{next_page}"
    )
    set_token(response, PENDING_COOKIE, token)
    return response


def set_token(response: HttpResponse, name: str, token: str) -> None:
    """Give the browser a token only our pages get back."""
    response.set_cookie(
        name, token, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.SECURE
    )


def guest_token(request: HttpRequest) -> str:
    """Return the token a guest's pictures wait under, a new one for a new guest."""
    token = request.COOKIES.get(GUEST_COOKIE, "")
    return token if 20 <= len(token) <= 64 else secrets.token_urlsafe(32)


def post_on_arrival(request: HttpRequest, profile: Profile) -> None:
    """Post what the guest wrote, at the moment they have signed in; what is refused becomes a draft."""
    token, guest = request.COOKIES.get(PENDING_COOKIE, ""), request.COOKIES.get(GUEST_COOKIE, "")
    if guest:
        drafts.adopt_uploads(profile, guest)
    if not token:
        return
    try:
        post = drafts.post_pending(profile, token, guest_token=guest, address=client_key(request))
        # A new thread opens at its title, a reply at itself.
        request.session["arrived_at"] = (post if post.number > 1 else post.thread).get_absolute_url()
        messages.success(request, _posted(post))
    except PendingPost.DoesNotExist:
        return
    except (ValidationError, PermissionDenied, TooMany) as refusal:
        drafts.turn_pending_into_draft(profile, token)
        sentence = " ".join(refusal.messages) if isinstance(refusal, ValidationError) else str(refusal)
        messages.error(
            request,
            _("Your text is kept as a draft, because it could not be posted: %(why)s") % {"why": sentence},
        )


def _posted(post: Post) -> str:
    if post.held_at:
        return _("Your text is saved. A moderator reviews it before everyone can see it.")
    if post.number > 1:
        return _("Reply posted.")
    return _("Question posted.") if post.thread.is_question else _("Discussion posted.")


@require_safe
def pending(request: HttpRequest) -> HttpResponse:
    """Where sign-in leads after composing first: to the post, or to the draft it became. Changes nothing."""
    if request.viewer is None:
        return redirect(f"/accounts/login/?{urlencode({'next': '/questions/pending/'})}")
    response = redirect(request.session.get("arrived_at") or "/questions/drafts/")
    response.delete_cookie(PENDING_COOKIE, samesite="Lax")
    response.delete_cookie(GUEST_COOKIE, samesite="Lax")
    return response
