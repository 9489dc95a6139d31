"""Notifications in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import SignedIn
from community.api.schema import lists
from community.api.views import ApiView
from profiles.actions.notifications import read_notifications
from profiles.api.serializers import absolute
from profiles.models import Notification
from profiles.notification_visibility import veiled
from profiles.queries import notifications_of, unread_count

IDS_LIMIT = 200


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ("id", "kind", "title", "url", "created_at", "read_at")

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, row: Notification) -> str:
        return absolute(row.url)


@extend_schema_serializer(
    examples=[OpenApiExample("some", value={"ids": [12, 13]}), OpenApiExample("all", value={"ids": "all"})]
)
class ReadSerializer(serializers.Serializer[Any]):
    ids = serializers.JSONField(help_text="A list of ids, or `all`.")

    def validate_ids(self, value: Any) -> list[int] | None:
        """Return the ids, None for all."""
        if value == "all":
            return None
        if not isinstance(value, list) or not all(type(one) is int and 0 <= one < 2**63 for one in value):
            raise serializers.ValidationError(_("Send a list of ids, or “all”."))
        if len(value) > IDS_LIMIT:
            raise serializers.ValidationError(_("Send at most %(count)d ids.") % {"count": IDS_LIMIT})
        return value


class UnreadSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField(help_text="Number of unread notifications; 100 means 100 or more.")


class NotificationList(ApiView):
    tag = "notifications"
    permission_classes = (SignedIn,)

    @lists(NotificationSerializer)
    def get(self, request: Request) -> Response:
        """List your notifications, newest first."""
        return self.paged(notifications_of(self.viewer), self._shown)

    def _shown(self, rows: list[Notification]) -> Any:
        return NotificationSerializer(veiled(rows, self.viewer), many=True).data


class NotificationsRead(ApiView):
    tag = "notifications"
    permission_classes = (SignedIn,)

    @extend_schema(request=ReadSerializer, responses=UnreadSerializer)
    def post(self, request: Request) -> Response:
        """Mark notifications as read."""
        read_notifications(self.viewer, self.read(ReadSerializer)["ids"])
        return Response({"unread": unread_count(self.viewer)})
