"""Threads: listing, asking, editing, the solution and following."""

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
    """Base of the views of one thread."""

    tag = "threads"

    def thread(self, thread_id: int) -> Thread:
        """Return a thread the viewer may read. Raises Http404."""
        return get_object_or_404(with_author(Thread.objects.visible_to(self.viewer)), pk=thread_id)

    def own(self, thread_id: int) -> Thread:
        """Return the thread; refuse a key that changes only its owner's threads when it is someone else's."""
        thread = self.thread(thread_id)
        require_own_or_moderate(self.request, thread.author_id)
        return thread

    def answer(self, thread_id: int, status: int = 200) -> Response:
        """Answer the thread as it is now."""
        return Response(threads_data([self.thread(thread_id)], self.request)[0], status=status)


class ThreadList(ThreadView):
    @lists(ThreadSerializer, parameters=[ThreadQuerySerializer])
    def get(self, request: Request) -> Response:
        """List threads, filtered by topic, tag, author, docs page or state."""
        asked = self.query(ThreadQuerySerializer)
        threads = with_author(
            filtered(
                topic_id=find_topic(asked["topic"]).pk if "topic" in asked else None,
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
        """Post a thread.

        Sending the same text again within ten minutes returns the existing thread.
        """
        asked = self.read(AskSerializer)
        asked["topic"] = find_topic(asked["topic"])
        thread = ask(self.viewer, **asked, arrival=Arrival("api", client_key(request)))
        return self.answer(thread.pk, status=201)


class ThreadItem(ThreadView):
    @extend_schema(responses=ThreadSerializer)
    def get(self, request: Request, thread_id: int) -> Response:
        """Read a thread; its posts are at `posts_url`."""
        return self.answer(thread_id)

    @extend_schema(request=ThreadEditSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, thread_id: int) -> Response:
        """Edit the subject or tags.

        A new subject gives the thread a new permalink; the old one redirects.
        """
        thread = self.own(thread_id)
        edit_thread(self.viewer, thread, **self.read(ThreadEditSerializer))
        return self.answer(thread_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Delete a thread without replies from others."""
        thread = self.own(thread_id)
        delete_thread(self.viewer, thread)
        return Response(status=204)


class ThreadSolution(ThreadView):
    @extend_schema(request=SolutionSerializer, responses=ThreadSerializer)
    def put(self, request: Request, thread_id: int) -> Response:
        """Mark a reply as the solution."""
        thread = self.own(thread_id)
        asked = self.read(SolutionSerializer)
        posts = Post.objects.visible_to(self.viewer).select_related("thread__topic", "author")
        post = posts.filter(pk=asked["post"], thread=thread).first()
        if post is None:
            raise ValidationError({"post": _("This post isn’t in the thread.")})
        mark_solution(self.viewer, post)
        return self.answer(thread_id)

    @extend_schema(responses={200: ThreadSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Remove the solution."""
        thread = self.own(thread_id)
        clear_solution(self.viewer, thread)
        return self.answer(thread_id)


class ThreadSubscription(ThreadView):
    @extend_schema(request=None, responses=SubscribedSerializer)
    def put(self, request: Request, thread_id: int) -> Response:
        """Follow a thread: get an e-mail for each reply."""
        subscribe(self.viewer, self.thread(thread_id))
        return Response({"subscribed": True})

    @extend_schema(responses={200: SubscribedSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Unfollow a thread."""
        unsubscribe(self.viewer, self.thread(thread_id))
        return Response({"subscribed": False})


class ProfileDiscussions(ThreadView):
    tag = "profiles"

    @lists(ThreadSerializer)
    def get(self, request: Request, profile_id: int) -> Response:
        """List the threads a person posted or replied in, newest first."""
        if not Profile.objects.visible_to(self.viewer).filter(pk=profile_id).exists():
            raise Http404
        written = Post.objects.shown().filter(author_id=profile_id).values("thread_id")
        threads = with_author(Thread.objects.listed().filter(pk__in=written)).order_by("-created_at", "-id")
        return self.paged(threads, lambda rows: threads_data(rows, request))


def with_author(threads: ThreadQuerySet) -> ThreadQuerySet:
    """Fetch with each thread the rows the API shows with it."""
    return threads.select_related("topic", "author__team")


def find_topic(slug: str) -> Topic:
    """Return a topic by its slug. Raises ValidationError."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        raise ValidationError({"topic": _("There is no topic with this slug.")})
    return topic


def _tag_name(name: str) -> str:
    """Return the current name of a tag that may have been renamed or merged."""
    if not name:
        return ""
    alias = TagAlias.objects.filter(name=name.lower()).values_list("tag__name", flat=True).first()
    return alias or name.lower()
