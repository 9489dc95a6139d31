"""Threads: listing, asking, editing, the solution and the bell."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import require_own_or_moderate
from community.api.schema import lists
from community.api.views import ApiView
from community.lib.clients import client_key
from forums.actions.solutions import clear_solution, mark_solution
from forums.actions.subscriptions import subscribe, unsubscribe
from forums.actions.threads import ask, delete_thread, edit_thread
from forums.api.serializers import (
    AskSerializer,
    SolutionSerializer,
    SubscribedSerializer,
    ThreadEditSerializer,
    ThreadQuerySerializer,
    ThreadSerializer,
    threads_data,
)
from forums.docs import BadPage, page_url
from forums.gate import Arrival
from forums.models import Post, TagAlias, Thread, ThreadQuerySet, Topic
from forums.queries.docs import moved_to
from forums.queries.lists import SORTS, filtered
from profiles.api.idempotency import idempotent
from profiles.models import Profile


def _page(given: str) -> str:
    try:
        return moved_to(page_url(given))
    except BadPage as refusal:
        raise ValidationError({"docs_page": str(refusal)}) from refusal


class ThreadView(ApiView):
    """What the views about one thread share."""

    tag = "threads"

    def thread(self, thread_id: int) -> Thread:
        """Return the thread, if its page opens for the viewer. Raises Http404."""
        return get_object_or_404(with_author(Thread.objects.visible_to(self.viewer)), pk=thread_id)

    def answer(self, thread_id: int, status: int = 200) -> Response:
        """Answer the thread as it is now."""
        return Response(threads_data([self.thread(thread_id)], self.request)[0], status=status)


class ThreadList(ThreadView):
    @lists(ThreadSerializer, parameters=[ThreadQuerySerializer])
    def get(self, request: Request) -> Response:
        """List threads: of a topic, a tag, an author, a docs page, or in a state."""
        asked = self.query(ThreadQuerySerializer)
        threads = with_author(
            filtered(
                topic_id=_topic(asked["topic"]).pk if "topic" in asked else None,
                tag=_tag_name(asked.get("tag", "")),
                state=asked.get("state", ""),
                author_id=asked.get("author"),
            )
        )
        if docs_page := asked.get("docs_page"):
            threads = threads.filter(docs_page=_page(docs_page))
        return self.paged(
            threads.order_by(f"-{SORTS[asked['sort']]}", "-id"), lambda rows: threads_data(rows, request)
        )

    @extend_schema(request=AskSerializer, responses={201: ThreadSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Open a thread.

        Sending the same again within ten minutes answers the thread that is there.
        """
        asked = self.read(AskSerializer)
        thread = ask(
            self.viewer, topic=_topic(asked["topic"]), subject=asked["subject"], body=asked["body"],
            tags=asked["tags"], docs_page=asked["docs_page"], private=asked["private"],
            arrival=Arrival("api", client_key(request)),
        )  # fmt: skip
        return self.answer(thread.pk, status=201)


class ThreadItem(ThreadView):
    @extend_schema(responses=ThreadSerializer)
    def get(self, request: Request, thread_id: int) -> Response:
        """Read a thread; its posts are at `posts_url`."""
        return self.answer(thread_id)

    @extend_schema(request=ThreadEditSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, thread_id: int) -> Response:
        """Change subject or tags.

        A changed subject makes a new permalink; the old one redirects.
        """
        thread = self.thread(thread_id)
        require_own_or_moderate(request, thread.author_id)
        edit_thread(self.viewer, thread, **self.read(ThreadEditSerializer))
        return self.answer(thread_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Delete a thread nobody else has replied in."""
        thread = self.thread(thread_id)
        require_own_or_moderate(request, thread.author_id)
        delete_thread(self.viewer, thread)
        return Response(status=204)


class ThreadSolution(ThreadView):
    @extend_schema(request=SolutionSerializer, responses=ThreadSerializer)
    def put(self, request: Request, thread_id: int) -> Response:
        """Mark a reply as the solution."""
        thread = self.thread(thread_id)
        require_own_or_moderate(request, thread.author_id)
        asked = self.read(SolutionSerializer)
        posts = Post.objects.visible_to(self.viewer).select_related("thread__topic", "author")
        post = posts.filter(pk=asked["post"], thread=thread).first()
        if post is None:
            raise ValidationError({"post": _("That post is not in this thread.")})
        mark_solution(self.viewer, post)
        return self.answer(thread_id)

    @extend_schema(responses={200: ThreadSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Take the mark off; the thread has no solution then."""
        thread = self.thread(thread_id)
        require_own_or_moderate(request, thread.author_id)
        clear_solution(self.viewer, thread)
        return self.answer(thread_id)


class ThreadBell(ThreadView):
    @extend_schema(request=None, responses=SubscribedSerializer)
    def put(self, request: Request, thread_id: int) -> Response:
        """Turn the bell on: hear of every new reply."""
        subscribe(self.viewer, self.thread(thread_id))
        return Response({"subscribed": True})

    @extend_schema(responses={200: SubscribedSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Turn the bell off."""
        unsubscribe(self.viewer, self.thread(thread_id))
        return Response({"subscribed": False})


class ProfileDiscussions(ThreadView):
    tag = "profiles"

    @lists(ThreadSerializer)
    def get(self, request: Request, profile_id: int) -> Response:
        """List the threads somebody asked or replied in, newest first."""
        if not Profile.objects.visible_to(self.viewer).filter(pk=profile_id).exists():
            raise Http404
        written = Post.objects.shown().filter(author_id=profile_id).values("thread_id")
        threads = with_author(Thread.objects.listed().filter(pk__in=written)).order_by("-created_at", "-id")
        return self.paged(threads, lambda rows: threads_data(rows, request))


def with_author(threads: ThreadQuerySet) -> ThreadQuerySet:
    """Fetch with a thread what the API says about it."""
    return threads.select_related("topic", "author__team")


def _topic(slug: str) -> Topic:
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        raise ValidationError({"topic": _("There is no such topic.")})
    return topic


def _tag_name(name: str) -> str:
    """Return the name a tag has now: it may have been renamed or merged."""
    if not name:
        return ""
    alias = TagAlias.objects.filter(name=name.lower()).values_list("tag__name", flat=True).first()
    return alias or name.lower()
