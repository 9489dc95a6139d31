"""The topics beside every list, kept in the process for as long as their version stands."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from forums.models import Topic

KEEP_SECONDS = 2.0


@dataclass(frozen=True)
class RailTopic:
    """A topic in the rail."""

    id: int
    slug: str
    name: str
    is_question: bool
    threads: int
    unanswered: int
    solved: int
    description: str

    @property
    def url(self) -> str:
        return f"/questions/topic/{self.slug}/"


@dataclass(frozen=True)
class RailGroup:
    """A heading of the rail and its topics."""

    name: str
    slug: str
    topics: tuple[RailTopic, ...]


_kept: tuple[float, tuple[RailGroup, ...]] | None = None
_lock = threading.Lock()


def rail() -> tuple[RailGroup, ...]:
    """Return groups and topics in their order; at most `KEEP_SECONDS` old, so that a page rarely pays a query
    for it.
    """
    global _kept
    with _lock:
        if _kept is not None and _kept[0] > time.monotonic():
            return _kept[1]
    groups = _load()
    with _lock:
        _kept = (time.monotonic() + KEEP_SECONDS, groups)
    return groups


@dataclass(frozen=True)
class Totals:
    """Sums over all topics: the numbers beside the filters."""

    threads: int
    unanswered: int
    solved: int


def totals() -> Totals:
    """Return the stored counters of all topics together."""
    topics = [topic for group in rail() for topic in group.topics]
    return Totals(
        sum(topic.threads for topic in topics),
        sum(topic.unanswered for topic in topics),
        sum(topic.solved for topic in topics),
    )


def forget_rail() -> None:
    """Drop what this process keeps (topics were edited here)."""
    global _kept
    _kept = None


def find_topic(slug: str) -> Topic | None:
    """Return a topic by its slug."""
    return Topic.objects.select_related("group").filter(slug=slug).first()


def _load() -> tuple[RailGroup, ...]:
    groups: dict[int, tuple[str, str, list[RailTopic]]] = {}
    for topic in Topic.objects.select_related("group"):
        entry = groups.setdefault(topic.group_id, (topic.group.name, topic.group.slug, []))
        entry[2].append(
            RailTopic(
                topic.pk, topic.slug, topic.name, topic.solutions_enabled, topic.thread_count, topic.unanswered_count,
                topic.solved_count, topic.description,
            )
        )  # fmt: skip
    return tuple(RailGroup(name, slug, tuple(topics)) for name, slug, topics in groups.values())
