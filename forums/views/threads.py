"""The thread page, its permalink, its history, and what is new on it."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from community.errors import gone
from community.lib.markdown import BODY_LIMIT, excerpt, plain_text
from community.lib.redirects import moved
from community.pagecache import cached_page, thread_part
from forums.actions.subscriptions import mark_read
from forums.bodies import quotation
from forums.forms import ReplyForm
from forums.models import Post, Thread
from forums.queries import pages, structured
from forums.queries.docs import edit_address
from forums.queries.rail import rail
from forums.queries.related import related
from profiles.actions.notifications import read_sources
from profiles.http import HttpRequest
from profiles.models import Profile


@cached_page(lambda slug: (thread_part(slug),))
@require_safe
def thread_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a thread. Old permalinks redirect."""
    viewer = request.viewer
    thread, now_at = pages.find_thread(slug, viewer)
    if now_at is not None:
        return moved(f"/questions/{now_at}/")
    if thread is None:
        return _gone_or_missing(request, slug)
    if thread.merged_into_id and "duplicate" not in request.GET:
        return _redirect_merged(thread, viewer)
    view = pages.thread_page(thread, viewer, page_number(request))
    if viewer is not None:
        if view.page == view.pages and view.flags.get("unread"):
            mark_read(viewer, thread, thread.last_number)
        read_sources(
            viewer, [f"thread:{thread.pk}", *(f"post:{post.id}" for post in (view.question, *view.posts))]
        )
    response = render(request, "forums/thread.html", {**_context(request, view), "area": "questions"})
    if thread.archived_at or thread.hidden_at or thread.deleted_at or thread.merged_into_id:
        response["X-Robots-Tag"] = "noindex"
    return response


def _gone_or_missing(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer 410 for a thread that was public and deleted, else 404."""
    deleted = Thread.objects.filter(deleted_at__isnull=False, hidden_at=None)
    if deleted.filter(Q(slug=slug) | Q(old_slugs__slug=slug)).exists():
        return gone(request)
    raise Http404


def _redirect_merged(thread: Thread, viewer: Profile | None) -> HttpResponse:
    """Redirect from a merged thread; not permanently, because a merge can be undone."""
    into = get_object_or_404(Thread.objects.visible_to(viewer), pk=thread.merged_into_id)
    return redirect(f"{into.get_absolute_url()}?from={thread.pk}")


def _came_from(request: HttpRequest, view: pages.ThreadView) -> Thread | None:
    """Return the merged thread that led here, named by ?from=."""
    number = number_in(request.GET.get("from", ""), digits=18)
    if number is None:
        return None
    return Thread.objects.visible_to(request.viewer).filter(pk=number, merged_into=view.thread).first()


def _context(request: HttpRequest, view: pages.ThreadView) -> dict[str, object]:
    viewer = request.viewer
    thread, body = view.thread, _quoted(request, view)
    if viewer is not None:
        draft = getattr(thread, "draft", None) or ""
        body = draft if body.strip() in draft else f"{draft.rstrip()}\n\n{body}".lstrip()
    form = ReplyForm(initial={"body": body})
    return {
        "view": view,
        "thread": thread,
        "form": form,
        "description": excerpt(plain_text(view.question.html), 200),
        "body_limit": BODY_LIMIT,
        "draft_key": f"thread:{thread.pk}",
        "newest": thread.last_number,
        "people": pages.people_of(view),
        "related": related(thread),
        "structured": structured.of_thread(view) if viewer is None else "",
        "canonical": thread.merged_into.slug if thread.merged_into else thread.slug,
        "canonical_page": f"?page={view.page}" if view.page > 1 and not thread.merged_into_id else "",
        "duplicate": _came_from(request, view),
        "edit_page": edit_address(thread.docs_page),
        "rail": rail() if view.flags["may_moderate"] else (),
    }


def _quoted(request: HttpRequest, view: pages.ThreadView) -> str:
    """Return the post named by ?quote= as a Markdown quotation."""
    number = number_in(request.GET.get("quote", ""), digits=9)
    if number is None:
        return ""
    posts = Post.objects.visible_to(request.viewer).select_related("author")
    post = posts.filter(thread=view.thread, number=number).first()
    return quotation(post) if post else ""


def number_in(text: str, *, digits: int) -> int | None:
    """Return the number written in `text`, or None when it is anything else or longer than `digits`."""
    return int(text) if text.isdecimal() and len(text) <= digits else None


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Return ?page= as a small positive number, 1 for anything else."""
    return number_in(request.GET.get(name, ""), digits=7) or 1


@require_safe
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The permalink of a post: leads to the page that shows it."""
    post = get_object_or_404(Post.objects.visible_to(request.viewer).select_related("thread"), pk=pk)
    return redirect(post.get_absolute_url())


@require_safe
def thread_short(request: HttpRequest, pk: int) -> HttpResponse:
    """The URL by number, for #12 and old links: leads to the permalink."""
    thread = get_object_or_404(Thread.objects.visible_to(request.viewer), pk=pk)
    return moved(thread.get_absolute_url())


@require_safe
def thread_numbered(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """The URL with number and words that other forums have: leads to the permalink."""
    return thread_short(request, pk)


@require_safe
def new_replies(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the replies after number ?after=; an open page asks twice a minute."""
    thread = get_object_or_404(Thread.objects.visible_to(request.viewer), pk=pk)
    after = number_in(request.GET.get("after", ""), digits=9)
    if after is None:
        raise Http404
    posts = list(thread.posts.shown().filter(number__gt=after).order_by("number").only("id", "number")[:100])
    context = {"thread": thread, "count": len(posts), "first": posts[0] if posts else None}
    response = render(request, "forums/fragments/new_replies.html", context)
    response["Cache-Control"] = "no-store"
    return response
