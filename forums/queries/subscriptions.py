"""The bells of one member."""

from __future__ import annotations

from dataclasses import dataclass

from forums.models import Thread, ThreadQuerySet, TopicDelivery, TopicSubscription
from forums.queries.rail import RailTopic, rail
from profiles.models import Profile

TOPICS = 200  # of a page; a form may hold 500 fields


@dataclass(frozen=True)
class TopicBell:
    """A topic with what its bell sends."""

    topic: RailTopic
    delivery: str


def topic_bells(viewer: Profile) -> list[TopicBell]:
    """Return the topics with the viewer's choice, in the order of the rail, those that send something first."""
    chosen = dict(TopicSubscription.objects.filter(profile=viewer).values_list("topic_id", "delivery"))
    topics = [topic for group in rail() for topic in group.topics]
    bells = [TopicBell(topic, chosen.get(topic.id, TopicDelivery.NONE.value)) for topic in topics]
    return sorted(bells, key=lambda bell: bell.delivery == TopicDelivery.NONE)[:TOPICS]


def thread_bells(viewer: Profile) -> ThreadQuerySet:
    """Return the threads whose bell is on for the viewer, newest first."""
    on = {"subscriptions__profile": viewer, "subscriptions__muted_at": None}
    return Thread.objects.visible_to(viewer).filter(**on).select_related("topic").order_by("-pk")
