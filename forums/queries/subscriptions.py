"""What one member follows."""

from __future__ import annotations

from dataclasses import dataclass

from forums.models import Thread, ThreadQuerySet, TopicDelivery, TopicSubscription
from forums.queries.rail import RailTopic, rail
from profiles.models import Profile

TOPICS = 200  # of a page; a form may hold 500 fields


@dataclass(frozen=True)
class TopicChoice:
    """A topic with how the member follows it."""

    topic: RailTopic
    delivery: str


def topic_choices(viewer: Profile) -> list[TopicChoice]:
    """Return the topics with the viewer's choice, in the order of the rail, followed ones first."""
    chosen = dict(TopicSubscription.objects.filter(profile=viewer).values_list("topic_id", "delivery"))
    topics = [topic for group in rail() for topic in group.topics]
    choices = [TopicChoice(topic, chosen.get(topic.id, TopicDelivery.NONE.value)) for topic in topics]
    return sorted(choices, key=lambda choice: choice.delivery == TopicDelivery.NONE)[:TOPICS]


def followed_threads(viewer: Profile) -> ThreadQuerySet:
    """Return the threads the viewer follows, newest first."""
    on = {"subscriptions__profile": viewer, "subscriptions__muted_at": None}
    return Thread.objects.visible_to(viewer).filter(**on).select_related("topic").order_by("-pk")
