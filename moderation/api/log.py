"""The log by API: what was done, by whom, to what."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import MODERATE, SignedIn
from community.api.schema import lists
from community.api.views import ApiView
from community.audit.queries import entries_about
from community.lib.markdown import plain_text
from moderation.actions.threads import require_moderation
from moderation.api.reports import ModeratorView
from moderation.queries.log import Line, Wanted, described, entries
from moderation.queries.targets import find_entry
from moderation.undo import undo
from profiles.api.serializers import absolute

ENTRY = {
    "id": 812, "created_at": "2026-03-01T09:00:00Z", "action": "thread.archived", "actor": 3,
    "label": "Mo Example archived “Kettle does not boil”",
    "actor_name": "Mo Example", "target": "thread:12", "title": "Kettle does not boil",
    "url": "https://community.example.com/questions/kettle-does-not-boil/", "before": "Archived: –",
    "after": "Archived: March 1, 2026, 9 a.m.", "undoable": True, "reason": "Out of date.",
}  # fmt: skip


class LogQuerySerializer(serializers.Serializer[Any]):
    actor = serializers.CharField(required=False, max_length=80, help_text="Id, handle or name of who acted.")
    action = serializers.CharField(required=False, max_length=60, help_text="Such as thread.archived.")
    target = serializers.CharField(required=False, max_length=80, help_text="Kind and id, such as thread:12.")
    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False, help_text="The last day.")


@extend_schema_serializer(examples=[OpenApiExample("entry", value=ENTRY)])
class LogLineSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    created_at = serializers.DateTimeField(source="at")
    action = serializers.CharField(source="code")
    label = serializers.SerializerMethodField(help_text="What was done, in a sentence.")
    actor = serializers.IntegerField(
        source="actor_id", allow_null=True, help_text="A profile's id; null: Hearth itself."
    )
    actor_name = serializers.CharField(source="actor")
    target = serializers.CharField()
    title = serializers.CharField()
    url = serializers.SerializerMethodField()
    before = serializers.CharField(help_text="Facts in words.")
    after = serializers.CharField(help_text="Facts in words.")
    undoable = serializers.SerializerMethodField(help_text="POST to /moderation/log/{id}/undo/ undoes it.")
    reason = serializers.CharField()

    def get_label(self, line: Line) -> str:
        return plain_text(line.sentence)

    def get_undoable(self, line: Line) -> bool:
        return bool(line.undo_url)

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_url(self, line: Line) -> str | None:
        return absolute(line.target_url) if line.target_url else None


class LogList(ModeratorView):
    @lists(LogLineSerializer, parameters=[LogQuerySerializer])
    def get(self, request: Request) -> Response:
        """List what was done with privileges, newest first."""
        asked = {name: str(value) for name, value in self.query(LogQuerySerializer).items()}
        return self.paged(
            entries(Wanted(**asked)), lambda rows: LogLineSerializer(described(rows), many=True).data
        )


class LogUndo(ApiView):
    tag = "moderation"
    permission_classes = (SignedIn,)
    scope = MODERATE

    @extend_schema(request=None, responses=LogLineSerializer)
    def post(self, request: Request, entry_id: int) -> Response:
        """Undo what an entry says, and answer the entry of the undo. Champions undo what they did themselves.

        409 when it was changed or undone since.
        """
        require_moderation(self.viewer)
        entry, _thing = find_entry(entry_id, self.viewer)
        undo(self.viewer, entry)
        newest = entries_about(entry.target)[:1]
        return Response(LogLineSerializer(described(newest)[0]).data)
