"""The reversible tools in the REST API: they call the same actions as the page and the admin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api import converters  # noqa: F401  (registers <id:...>)
from community.api.permissions import MODERATE
from forums.api.posts import PostView
from forums.api.serializers import PostSerializer, ThreadSerializer, posts_data
from forums.api.threads import ThreadView
from forums.models import Post, Thread, Topic
from forums.models.post import PostQuerySet
from forums.permissions import may_moderate
from moderation.actions import posts, threads
from profiles.permissions import is_moderator

Tool = Callable[..., Any]
THREAD_TOOLS: dict[str, tuple[Tool, Tool]] = {
    "archived": (threads.archive_thread, threads.unarchive_thread),
    "locked": (threads.lock_thread, threads.unlock_thread),
    "pinned": (threads.pin_thread, threads.unpin_thread),
}


@extend_schema_serializer(examples=[OpenApiExample("archive", value={"archived": True, "reason": "Answered in the docs."})])
class ThreadModerationSerializer(serializers.Serializer[Any]):
    archived = serializers.BooleanField(required=False, help_text="Out of every list; the page still opens.")
    locked = serializers.BooleanField(required=False, help_text="No replies but moderators'.")
    pinned = serializers.BooleanField(required=False, help_text="First in its topic.")
    topic = serializers.CharField(required=False, max_length=80, help_text="Slug of the topic to move it to.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


@extend_schema_serializer(examples=[OpenApiExample("hide", value={"hidden": True, "reason": "Advertising."})])
class PostModerationSerializer(serializers.Serializer[Any]):
    hidden = serializers.BooleanField(help_text="Shown to its author and moderators only.")
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class ThreadModeration(ThreadView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=ThreadModerationSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, thread_id: int) -> Response:
        """Archive, lock, pin or move a thread, or undo it: all of what is asked, or nothing."""
        thread = self.thread(thread_id)
        threads.require_moderation(self.viewer)
        asked = self.read(ThreadModerationSerializer)
        with transaction.atomic():
            self._apply(thread, asked)
        return self.answer(thread_id)

    def _apply(self, thread: Thread, asked: dict[str, Any]) -> None:
        if "topic" in asked:
            topic = Topic.objects.filter(slug=asked["topic"]).first()
            if topic is None:
                raise ValidationError({"topic": _("There is no such topic.")})
            threads.move_thread(self.viewer, thread, topic=topic, reason=asked["reason"])
        for state, (on, off) in THREAD_TOOLS.items():
            if state in asked:
                (on if asked[state] else off)(self.viewer, thread, reason=asked["reason"])


class PostModeration(PostView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=PostModerationSerializer, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Hide a reply, or show it again."""
        if not may_moderate(self.viewer):
            get_object_or_404(self.posts(), pk=post_id)
        threads.require_moderation(self.viewer)
        post = get_object_or_404(self._moderated(), pk=post_id)
        asked = self.read(PostModerationSerializer)
        tool = posts.hide_post if asked["hidden"] else posts.show_post
        tool(self.viewer, post, reason=asked["reason"])
        return Response(posts_data([self._moderated().get(pk=post_id)])[0])

    def _moderated(self) -> PostQuerySet:
        """Return the posts the tool is for: champions see hidden ones here, to show them again."""
        found = Post.objects.select_related("thread", "author__team")
        if is_moderator(self.viewer):
            return found
        return found.filter(deleted_at=None, thread__in=Thread.objects.visible_to(self.viewer))


urlpatterns = [
    path("threads/<id:thread_id>/moderation/", ThreadModeration.as_view(), name="thread-moderate"),
    path("posts/<id:post_id>/moderation/", PostModeration.as_view(), name="post-moderate"),
]
