"""The verbs of the table in the REST API: on one thread or post, and on many."""

from __future__ import annotations

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
from community.lib.verbs import AT_ONCE, REASON_LIMIT, Target
from forums.api.posts import PostView
from forums.api.serializers import PostSerializer, ThreadSerializer, posts_data, threads_data
from forums.api.threads import ThreadView, with_author
from forums.models import Post, Thread
from forums.notifications import without_notice
from forums.permissions import may_moderate
from moderation.actions.threads import require_moderation
from moderation.verbs import ID_LIMIT, INTO, ONWARD, POST, SUBJECT, TAGS, THREAD, TOPIC


class DecisionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    notify = serializers.BooleanField(
        required=False, default=True, help_text="False: the author is not notified."
    )


def _states(target: Target, *, required: bool) -> dict[str, serializers.Field]:
    """Return a field for each pair of verbs: true does it, false takes it back."""
    return {
        verb.state: serializers.BooleanField(required=required, help_text=str(verb.help_text))
        for verb in target.verbs.values()
        if verb.state
    }


def _serializer(
    name: str, fields: dict[str, serializers.Field], example: dict[str, Any]
) -> type[DecisionSerializer]:
    made = type(name, (DecisionSerializer,), fields)
    return extend_schema_serializer(examples=[OpenApiExample(next(iter(example)), value=example)])(made)


ThreadModerationSerializer = _serializer(
    "ThreadModerationSerializer",
    {**_states(THREAD, required=False), "tags": TAGS.api(), "topic": TOPIC.api()},
    {"archived": True, "reason": "Answered in the docs."},
)
PostModerationSerializer = _serializer(
    "PostModerationSerializer", _states(POST, required=True), {"hidden": True, "reason": "Advertising."}
)
MergeSerializer = _serializer(
    "MergeSerializer",
    {
        "into": serializers.IntegerField(
            min_value=1, max_value=ID_LIMIT, help_text="The id of the thread to merge into."
        )
    },
    {"into": 12, "reason": "The same question."},
)


def _apply(target: Target, viewer: Any, row: Thread | Post, asked: dict[str, Any]) -> None:
    """Do all of what is asked, or nothing."""
    reason = asked["reason"]
    with without_notice(not asked["notify"]), transaction.atomic():
        # What moves a thread comes first: a move unpins, so a pin asked for in one go has to follow it.
        for verb in sorted(target.verbs.values(), key=lambda verb: not verb.needs):
            if verb.needs and verb.needs[0].name in asked:
                verb.action(viewer, row, reason=reason, **verb.read(viewer, asked))
            elif verb.state in asked:
                chosen = verb if asked[verb.state] else target.verbs[verb.undo]
                chosen.action(viewer, row, reason=reason)


class ModeratedThreadView(ThreadView):
    tag = "moderation"
    scope = MODERATE

    def moderate(self, thread_id: int, asked: dict[str, Any]) -> Response:
        _apply(THREAD, self.viewer, self.moderated(thread_id), asked)
        found = with_author(Thread.objects.filter(pk=thread_id))  # even when it is out of reach now
        return Response(threads_data(found, self.request)[0])

    def moderated(self, thread_id: int) -> Thread:
        """Return a thread the verbs are for. Raises Http404, PermissionDenied."""
        if not may_moderate(self.viewer):
            self.thread(thread_id)
        require_moderation(self.viewer)
        return get_object_or_404(THREAD.reachable(self.viewer), pk=thread_id)


class ThreadModeration(ModeratedThreadView):
    @extend_schema(request=ThreadModerationSerializer, responses=ThreadSerializer)
    def patch(self, request: Request, thread_id: int) -> Response:
        """Archive, lock, pin, hide, retag or move a thread, or undo it: all of what is asked, or nothing."""
        return self.moderate(thread_id, self.read(ThreadModerationSerializer))


class ThreadMerge(ModeratedThreadView):
    @extend_schema(request=MergeSerializer, responses=ThreadSerializer)
    def post(self, request: Request, thread_id: int) -> Response:
        """Merge a duplicate: its page redirects to the other thread, where its votes and followers count once a person."""
        self.moderated(thread_id)
        return self.moderate(thread_id, self.read(MergeSerializer))

    @extend_schema(responses={200: ThreadSerializer})
    def delete(self, request: Request, thread_id: int) -> Response:
        """Undo the merge: both threads are as they were."""
        THREAD.verbs["unmerge"].action(self.viewer, self.moderated(thread_id))
        return self.moderate(thread_id, {"reason": "", "notify": True})


class PostModeration(PostView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=PostModerationSerializer, responses=PostSerializer)
    def patch(self, request: Request, post_id: int) -> Response:
        """Hide or unhide a reply."""
        if not may_moderate(self.viewer):
            get_object_or_404(self.posts(), pk=post_id)
        require_moderation(self.viewer)
        post: Post = get_object_or_404(POST.reachable(self.viewer), pk=post_id)
        _apply(POST, self.viewer, post, self.read(PostModerationSerializer))
        return Response(posts_data([POST.reachable(self.viewer).get(pk=post_id)])[0])


def _ids() -> serializers.ListField:
    one = serializers.IntegerField(min_value=1, max_value=ID_LIMIT)
    return serializers.ListField(child=one, required=False, max_length=AT_ONCE, help_text="Ids, at most 100.")


NAMES = sorted(
    {name for kind in (THREAD, POST) for verb in kind.verbs.values() for name in (verb.name, *verb.aliases)}
)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "archive", value={"do": "archive", "threads": [12, 13], "reason": "Answered in the docs."}
        )
    ]
)
class BulkSerializer(serializers.Serializer[Any]):
    do = serializers.ChoiceField(
        choices=NAMES,
        help_text="The action. approve, trust, reject, spam, review-again, split and move-replies: posts only.",
    )
    threads = _ids()
    posts = _ids()
    topic = TOPIC.api()
    tags = TAGS.api()
    into = INTO.api()
    subject = SUBJECT.api()
    onward = ONWARD.api()
    reason = serializers.CharField(
        max_length=REASON_LIMIT, help_text="Kept in the log and sent to the authors."
    )
    notify = serializers.BooleanField(
        required=False, default=True, help_text="False: the authors are not notified."
    )


class BulkResultSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["thread", "post"])
    id = serializers.IntegerField()
    done = serializers.BooleanField()
    detail = serializers.CharField(help_text="Why not; empty when it was done.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("done", value={"results": [{"kind": "thread", "id": 12, "done": True, "detail": ""}]})
    ]
)
class BulkAnswerSerializer(serializers.Serializer[Any]):
    results = BulkResultSerializer(many=True)


class BulkModeration(ThreadView):
    tag = "moderation"
    scope = MODERATE

    @extend_schema(request=BulkSerializer, responses=BulkAnswerSerializer)
    def post(self, request: Request) -> Response:
        """Use one action on many threads or posts, with a reason. Each is done or refused by itself."""
        require_moderation(self.viewer)
        asked = self.read(BulkSerializer)
        results = []
        for kind in (THREAD, POST):
            if ids := asked.get(f"{kind.key}s"):
                results += self._use(kind, ids, asked)
        if not results:
            raise ValidationError({"threads": _("Name threads or posts.")})
        return Response({"results": results})

    def _use(self, kind: Target, ids: list[int], asked: dict[str, Any]) -> list[dict[str, Any]]:
        if asked["do"] not in {name for verb in kind.verbs.values() for name in (verb.name, *verb.aliases)}:
            raise ValidationError({"do": _("This action is not for %(kind)ss.") % {"kind": kind.key}})
        verb, given = kind.find(asked["do"]), {"reason": asked["reason"]}
        if missing := [need.name for need in verb.needs if not need.optional and need.name not in asked]:
            raise ValidationError({missing[0]: _("This action needs it.")})
        given |= verb.read(self.viewer, asked)
        refused = kind.perform(verb, self.viewer, ids, quiet=not asked["notify"], **given)
        return [{"kind": kind.key, "id": pk, "done": not why, "detail": why} for pk, why in refused.items()]
