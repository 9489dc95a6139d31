"""Topics, following them, and tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.schema import lists
from community.api.views import ApiView
from forums.actions.subscriptions import set_topic_delivery
from forums.api.serializers import DeliverySerializer, TagQuerySerializer, TagSerializer, TopicSerializer
from forums.models import Tag, Topic, TopicSubscription
from profiles.models import Profile


class TopicList(ApiView):
    tag = "topics"

    @lists(TopicSerializer)
    def get(self, request: Request) -> Response:
        """List the topics in display order."""
        topics = Topic.objects.select_related("group").order_by(
            "group__position", "group__name", "position", "name", "id"
        )
        return self.paged(topics, lambda rows: topics_data(rows, self.viewer))


class TopicItem(ApiView):
    tag = "topics"

    @extend_schema(responses=TopicSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read a topic."""
        topic = get_object_or_404(Topic.objects.select_related("group"), slug=slug)
        return Response(topics_data([topic], self.viewer)[0])


class TopicSubscriptionView(ApiView):
    tag = "topics"

    @extend_schema(request=DeliverySerializer, responses=DeliverySerializer)
    def put(self, request: Request, slug: str) -> Response:
        """Choose which e-mails you get for a topic."""
        topic = get_object_or_404(Topic, slug=slug)
        asked = self.read(DeliverySerializer)
        return Response({"delivery": set_topic_delivery(self.viewer, topic, asked["delivery"])})


class TagList(ApiView):
    tag = "tags"

    @lists(TagSerializer, parameters=[TagQuerySerializer])
    def get(self, request: Request) -> Response:
        """List the tags by name."""
        tags = Tag.objects.order_by("name")
        if beginning := self.query(TagQuerySerializer).get("q"):
            tags = tags.filter(name__startswith=beginning.lower())
        return self.paged(tags, lambda rows: TagSerializer(rows, many=True).data)


def topics_data(topics: Sequence[Topic], viewer: Profile | None) -> list[Any]:
    """Return topics as the API shows them: one query for the viewer's subscriptions."""
    subscriptions = {}
    if viewer is not None:
        mine = TopicSubscription.objects.filter(profile=viewer, topic__in=[topic.pk for topic in topics])
        subscriptions = dict(mine.values_list("topic_id", "delivery"))
    return list(TopicSerializer(topics, many=True, context={"subscriptions": subscriptions}).data)
