"""One tool for many threads or posts: each by itself, so that one refusal undoes nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import MODERATE
from community.lib.adminpages import REFUSALS, sentence
from forums.actions.posts import delete_post, undelete_post
from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.api.serializers import TagsField
from forums.api.threads import ThreadView
from forums.models import Post, Thread, Topic
from forums.notifications import without_notice
from moderation.actions import merging, posts, review, threads
from moderation.queries.targets import reachable_posts, reachable_threads
from profiles.models import Profile

AT_ONCE = 100
THREAD_TOOLS: dict[str, Callable[..., Any]] = {
    "archive": threads.archive_thread, "restore": threads.unarchive_thread,
    "lock": threads.lock_thread, "unlock": threads.unlock_thread,
    "pin": threads.pin_thread, "unpin": threads.unpin_thread,
    "hide": threads.hide_thread, "show": threads.show_thread,
    "make-private": threads.make_private, "make-public": threads.make_public,
    "delete": delete_thread, "undelete": undelete_thread,
    "move": threads.move_thread, "retag": edit_thread,
    "merge": merging.merge_thread, "unmerge": merging.unmerge_thread,
}  # fmt: skip
POST_TOOLS: dict[str, Callable[..., Any]] = {
    "hide": posts.hide_post, "show": posts.show_post, "delete": delete_post, "undelete": undelete_post,
    "approve": review.approve_post, "trust": partial(review.approve_post, trust=True),
    "turn-down": review.turn_down_post, "spam": partial(review.turn_down_post, spam=True), "review-again": review.review_again,
}  # fmt: skip
KINDS: tuple[tuple[str, dict[str, Callable[..., Any]], Callable[[Profile], QuerySet[Any]]], ...] = (
    ("thread", THREAD_TOOLS, reachable_threads),
    ("post", POST_TOOLS, reachable_posts),
)
NEEDS = {"move": "topic", "retag": "tags", "merge": "into"}


def _ids() -> serializers.ListField:
    one = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    return serializers.ListField(child=one, required=False, max_length=AT_ONCE, help_text="Ids, at most 100.")


@extend_schema_serializer(
    examples=[OpenApiExample("archive", value={"do": "archive", "threads": [12, 13], "reason": "Answered in the docs."})]
)
class BulkSerializer(serializers.Serializer[Any]):
    do = serializers.ChoiceField(
        choices=sorted({*THREAD_TOOLS, *POST_TOOLS}), help_text="The tool. Those of review (approve, spam …) are for posts."
    )
    threads = _ids()
    posts = _ids()
    topic = serializers.CharField(required=False, max_length=80, help_text="For move: the slug of the topic.")
    tags = TagsField(required=False, help_text="For retag: the tags from now on.")
    into = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1, help_text="For merge: what stays.")
    reason = serializers.CharField(max_length=300, help_text="Why. It is in the log, and the authors read it.")
    notify = serializers.BooleanField(required=False, default=True, help_text="False: the authors are not notified.")


class BulkResultSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["thread", "post"])
    id = serializers.IntegerField()
    done = serializers.BooleanField()
    detail = serializers.CharField(help_text="Why not; empty when it was done.")


@extend_schema_serializer(
    examples=[OpenApiExample("done", value={"results": [{"kind": "thread", "id": 12, "done": True, "detail": ""}]})]
)
class BulkAnswerSerializer(serializers.Serializer[Any]):
    results = BulkResultSerializer(many=True)


class BulkModeration(ThreadView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=BulkSerializer, responses=BulkAnswerSerializer)
    def post(self, request: Request) -> Response:
        """Use one tool on many threads or posts, with a reason. Each is done or refused by itself."""
        threads.require_moderation(self.viewer)
        asked = self.read(BulkSerializer)
        wanted, given = asked["do"], self._given(asked)
        results = []
        for kind, tools, reachable in KINDS:
            ids = list(dict.fromkeys(asked.get(f"{kind}s", [])))
            if ids and wanted not in tools:
                raise ValidationError({"do": _("This tool is not for %(kind)ss.") % {"kind": kind}})
            found: dict[int, Any] = reachable(self.viewer).in_bulk(ids)
            for pk in ids:
                with without_notice(not asked["notify"]):
                    detail = _try(tools[wanted], self.viewer, found.get(pk), given)
                results.append({"kind": kind, "id": pk, "done": not detail, "detail": detail})
        if not results:
            raise ValidationError({"threads": _("Name threads or posts.")})
        return Response({"results": results})

    def _given(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what the tool takes beside the reason."""
        given: dict[str, Any] = {"reason": asked["reason"]}
        field = NEEDS.get(asked["do"], "")
        if not field:
            return given
        if field not in asked:
            raise ValidationError({field: _("This tool needs it.")})
        value: Any = asked[field]
        if field == "topic":
            value = Topic.objects.filter(slug=value).first()
        elif field == "into":
            value = Thread.objects.visible_to(self.viewer).filter(pk=value).first()
        if value is None:
            raise ValidationError({field: _("There is no such thing.")})
        return {**given, field: value}


def _try(tool: Callable[..., Any], viewer: Profile, row: Thread | Post | None, given: dict[str, Any]) -> str:
    if row is None:
        return _("There is no such thing.")
    try:
        tool(viewer, row, **given)
    except Http404:
        return _("There is no such thing.")
    except REFUSALS as refusal:
        return sentence(refusal) or _("This cannot be done.")
    return ""
