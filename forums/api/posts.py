"""Posts: reading, replying, editing, votes and history."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import require_own_or_moderate
from community.api.schema import lists
from community.api.views import ApiView
from community.lib.clients import client_key
from forums import bodies
from forums.actions.posts import delete_post, edit_post, post_reply
from forums.actions.redaction import redact_revision
from forums.actions.votes import unvote, vote
from forums.api.serializers import (
    BodyHtmlSerializer,
    BodySerializer,
    PostEditSerializer,
    PostSerializer,
    ReplySerializer,
    RevisionSerializer,
    VotesSerializer,
    posts_data,
    revisions_data,
)
from forums.gate import Arrival
from forums.models import Post, Thread
from forums.models.post import PostQuerySet
from profiles.api.idempotency import idempotent


class PostView(ApiView):
    """Base of the views of one post."""

    tag = "posts"

    def posts(self) -> PostQuerySet:
        """Return the posts the viewer may read, with the rows the API shows with them."""
        return Post.objects.visible_to(self.viewer).select_related("thread", "author__team")

    def find(self, post_id: int) -> Post:
        """Return a post the viewer may read. Raises Http404."""
        return get_object_or_404(self.posts(), pk=post_id)

    def own(self, post_id: int) -> Post:
        """Return the post; refuse a key that changes only its owner's posts when it is someone else's."""
        post = self.find(post_id)
        require_own_or_moderate(self.request, post.author_id)
        return post

    def answer(self, post_id: int, status: int = 200) -> Response:
        """Answer the post as it is now. Raises Http404."""
        return Response(posts_data([self.find(post_id)])[0], status=status)


class ThreadPosts(PostView):
    @lists(PostSerializer)
    def get(self, request: Request, thread_id: int) -> Response:
        """List a thread's posts, oldest first."""
        thread = self._thread(thread_id)
        return self.paged(self.posts().filter(thread=thread).order_by("number"), posts_data)

    @extend_schema(request=ReplySerializer, responses={201: PostSerializer})
    @idempotent
    def post(self, request: Request, thread_id: int) -> Response:
        """Post a reply."""
        thread = self._thread(thread_id)
        asked = self.read(ReplySerializer)
        parent = None
        if asked.get("reply_to"):
            parent = self.posts().filter(pk=asked["reply_to"], thread=thread).first()
            if parent is None:
                raise ValidationError({"reply_to": _("This post isn’t in the thread.")})
        arrival = Arrival("api", client_key(request))
        post = post_reply(self.viewer, thread, body=asked["body"], reply_to=parent, arrival=arrival)
        return self.answer(post.pk, status=201)

    def _thread(self, thread_id: int) -> Thread:
        return get_object_or_404(Thread.objects.visible_to(self.viewer), pk=thread_id)


class PostItem(PostView):
    @extend_schema(responses=PostSerializer)
    def get(self, request: Request, post_id: int) -> Response:
        """Read a post."""
        return self.answer(post_id)

    @extend_schema(request=PostEditSerializer, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Edit a post; its earlier versions stay readable as revisions."""
        post = self.own(post_id)
        edit_post(self.viewer, post, **self.read(PostEditSerializer))
        return self.answer(post_id)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, post_id: int) -> Response:
        """Delete a reply."""
        post = self.own(post_id)
        delete_post(self.viewer, post)
        return Response(status=204)


class PostVote(PostView):
    @extend_schema(request=None, responses=VotesSerializer)
    def put(self, request: Request, post_id: int) -> Response:
        """Upvote someone else's post; a second upvote changes nothing."""
        return Response({"vote_count": vote(self.viewer, self.find(post_id))})

    @extend_schema(responses={200: VotesSerializer})
    def delete(self, request: Request, post_id: int) -> Response:
        """Remove your upvote."""
        return Response({"vote_count": unvote(self.viewer, self.find(post_id))})


class PostRevisions(PostView):
    @lists(RevisionSerializer)
    def get(self, request: Request, post_id: int) -> Response:
        """List the earlier versions of a post, oldest first."""
        post = self.find(post_id)
        return self.paged(post.revisions.select_related("author__team").order_by("number"), revisions_data)


class RedactSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        required=False, max_length=200, help_text="Required for other people’s posts."
    )


class PostRevision(PostView):
    @extend_schema(parameters=[RedactSerializer], responses={204: None})
    def delete(self, request: Request, post_id: int, number: int) -> Response:
        """Permanently remove the text of an earlier version.

        Its author can, and a moderator with a reason.
        """
        post = self.own(post_id)
        redact_revision(self.viewer, post, number, reason=self.query(RedactSerializer).get("reason", ""))
        return Response(status=204)


class Preview(ApiView):
    tag = "posts"

    @extend_schema(request=BodySerializer, responses={200: BodyHtmlSerializer})
    def post(self, request: Request) -> Response:
        """Render a body without posting it."""
        return Response({"body_html": bodies.prepare(self.read(BodySerializer)["body"]).html})
