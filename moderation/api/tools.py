"""The reversible tools in the REST API: they call the same actions as the page and the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import MODERATE
from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.api.posts import PostView
from forums.api.serializers import PostSerializer, TagsField, ThreadSerializer, posts_data, threads_data
from forums.api.threads import ThreadView, with_author
from forums.models import Thread, Topic
from forums.notifications import without_notice
from forums.permissions import may_moderate
from moderation.actions import merging, posts, threads
from moderation.queries.targets import reachable_posts, reachable_threads

Tool = Callable[..., Any]
THREAD_TOOLS: dict[str, tuple[Tool, Tool]] = {
    "archived": (threads.archive_thread, threads.unarchive_thread),
    "locked": (threads.lock_thread, threads.unlock_thread),
    "pinned": (threads.pin_thread, threads.unpin_thread),
    "hidden": (threads.hide_thread, threads.show_thread),
    "private": (threads.make_private, threads.make_public),
    "deleted": (delete_thread, undelete_thread),
}


@extend_schema_serializer(examples=[OpenApiExample("archive", value={"archived": True, "reason": "Answered in the docs."})])
class ThreadModerationSerializer(serializers.Serializer[Any]):
    archived = serializers.BooleanField(required=False, help_text="Out of every list; the page still opens.")
    locked = serializers.BooleanField(required=False, help_text="No replies but moderators'.")
    pinned = serializers.BooleanField(required=False, help_text="First in its topic.")
    hidden = serializers.BooleanField(required=False, help_text="Shown to its author and moderators only.")
    private = serializers.BooleanField(required=False, help_text="Confidential: for its author and the team (moderators).")
    deleted = serializers.BooleanField(required=False, help_text="Gone for all but moderators (moderators).")
    tags = TagsField(required=False, help_text="The thread's tags from now on, at most five.")
    topic = serializers.CharField(required=False, max_length=80, help_text="Slug of the topic to move it to.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    notify = serializers.BooleanField(required=False, default=True, help_text="False: the author is not notified.")


@extend_schema_serializer(examples=[OpenApiExample("hide", value={"hidden": True, "reason": "Advertising."})])
class PostModerationSerializer(serializers.Serializer[Any]):
    hidden = serializers.BooleanField(help_text="Shown to its author and moderators only.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    notify = serializers.BooleanField(required=False, default=True, help_text="False: the author is not notified.")


class ThreadModeration(ThreadView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=ThreadModerationSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, thread_id: int) -> Response:
        """Archive, lock, pin, hide, retag or move a thread, or undo it: all of what is asked, or nothing."""
        thread = _moderated_thread(self, thread_id)
        asked = self.read(ThreadModerationSerializer)
        with without_notice(not asked["notify"]), transaction.atomic():
            self._apply(thread, asked)
        return _answer_moderated(self, thread_id)

    def _apply(self, thread: Thread, asked: dict[str, Any]) -> None:
        if "topic" in asked:
            topic = Topic.objects.filter(slug=asked["topic"]).first()
            if topic is None:
                raise ValidationError({"topic": _("There is no such topic.")})
            threads.move_thread(self.viewer, thread, topic=topic, reason=asked["reason"])
        if "tags" in asked:
            edit_thread(self.viewer, thread, tags=asked["tags"], reason=asked["reason"])
        for state, (on, off) in THREAD_TOOLS.items():
            if state in asked:
                (on if asked[state] else off)(self.viewer, thread, reason=asked["reason"])


@extend_schema_serializer(examples=[OpenApiExample("merge", value={"into": 12, "reason": "The same question."})])
class MergeSerializer(serializers.Serializer[Any]):
    into = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Id of the thread that stays.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    notify = serializers.BooleanField(required=False, default=True, help_text="False: the author is not notified.")


class ThreadMerge(ThreadView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=MergeSerializer, responses=ThreadSerializer)
    def post(self, request: Request, thread_id: int) -> Response:
        """Merge a duplicate: its page leads to the other thread, its votes and subscriptions count there, once a person."""
        thread = _moderated_thread(self, thread_id)
        asked = self.read(MergeSerializer)
        into = Thread.objects.visible_to(self.viewer).filter(pk=asked["into"]).first()
        if into is None:
            raise ValidationError({"into": _("There is no such thread.")})
        with without_notice(not asked["notify"]):
            merging.merge_thread(self.viewer, thread, into=into, reason=asked["reason"])
        return _answer_moderated(self, thread_id)

    @extend_schema(responses={200: ThreadSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Undo the merge: both threads are as they were."""
        merging.unmerge_thread(self.viewer, _moderated_thread(self, thread_id))
        return _answer_moderated(self, thread_id)


def _moderated_thread(view: ThreadView, thread_id: int) -> Thread:
    """Return a thread the tools are for; champions see hidden ones here, to show them again. Raises Http404, PermissionDenied."""
    if not may_moderate(view.viewer):
        view.thread(thread_id)
    threads.require_moderation(view.viewer)
    return get_object_or_404(reachable_threads(view.viewer), pk=thread_id)


def _answer_moderated(view: ThreadView, thread_id: int) -> Response:
    found = with_author(Thread.objects.filter(pk=thread_id))  # even when it is out of reach now
    return Response(threads_data(found, view.request)[0])


class PostModeration(PostView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=PostModerationSerializer, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Hide a reply, or show it again."""
        if not may_moderate(self.viewer):
            get_object_or_404(self.posts(), pk=post_id)
        threads.require_moderation(self.viewer)
        post = get_object_or_404(reachable_posts(self.viewer), pk=post_id)
        asked = self.read(PostModerationSerializer)
        tool = posts.hide_post if asked["hidden"] else posts.show_post
        with without_notice(not asked["notify"]):
            tool(self.viewer, post, reason=asked["reason"])
        return Response(posts_data([reachable_posts(self.viewer).get(pk=post_id)])[0])
