"""What one member comes back for: what waits for them, what is open in their topics, what they asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forums.models import TopicDelivery, TopicSubscription
from forums.models.thread import State
from forums.queries.lists import ThreadFilter, ThreadPage, ThreadRow, dress, page_of
from forums.queries.rail import RailTopic, rail
from profiles.models import Profile
from profiles.permissions import is_moderator

SHOWN = 5
TOPICS = 200  # subscribed topics looked at
TITLES: dict[str, str | Promise] = {
    "waiting": _("Waiting for you"),
    "team": _("Needs the team"),
    "topics": _("Open in your topics"),
    "mine": _("Your threads"),
}


@dataclass
class DashboardThread:
    """A thread of the dashboard: its row, the name of its topic, and who answered last."""

    row: ThreadRow
    topic: str
    helper: str


@dataclass
class Part:
    """One list of the dashboard: the beginning of it, or a page of it all."""

    key: str
    title: str | Promise
    page: ThreadPage
    lines: list[DashboardThread] = field(default_factory=list)


@dataclass
class Dashboard:
    topics: list[RailTopic]
    parts: list[Part] = field(default_factory=list)


def followed_topics(viewer: Profile) -> list[RailTopic]:
    """Return the topics the member follows, in the order of the rail."""
    on = TopicSubscription.objects.filter(profile=viewer).exclude(delivery=TopicDelivery.NONE)
    ids = set(on.values_list("topic_id", flat=True)[:TOPICS])
    return [topic for group in rail() for topic in group.topics if topic.id in ids]


def parts_for(viewer: Profile) -> list[str]:
    """Return the keys of the parts `viewer` has: that of the team is for moderators."""
    return [key for key in TITLES if key != "team" or is_moderator(viewer)]


def dashboard(viewer: Profile, *, show: str = "", after: str = "", before: str = "") -> Dashboard:
    """Assemble the dashboard, or only the part `show` to leaf through. As many queries however much there is.

    Raises BadCursor.
    """
    topics = followed_topics(viewer)
    found = Dashboard(topics)
    for key in [show] if show else parts_for(viewer):
        page = ThreadPage([], None, None, True, True)
        if (wanted := _wanted(key, viewer, topics)) is not None:
            page = (
                page_of(wanted, sort="active", after=after, before=before)
                if show
                else page_of(wanted, sort="active", size=SHOWN)
            )
        found.parts.append(Part(key, TITLES[key], page))
    dress([row for part in found.parts for row in part.page.rows], viewer)
    names = {topic.id: topic.name for group in rail() for topic in group.topics}
    for part in found.parts:
        part.lines = [
            DashboardThread(row, names.get(row.thread.topic_id, ""), _helper(row)) for row in part.page.rows
        ]
    return found


def _wanted(key: str, viewer: Profile, topics: list[RailTopic]) -> ThreadFilter | None:
    if key == "waiting":
        return ThreadFilter(waits_for=viewer.pk)
    if key == "team":
        return ThreadFilter(state=State.WAITING)
    if key == "mine":
        return ThreadFilter(author_id=viewer.pk)
    return (
        ThreadFilter(topic_ids=tuple(topic.id for topic in topics), state=State.UNSOLVED) if topics else None
    )


def _helper(row: ThreadRow) -> str:
    """Name who answered last: the faces are the asker's, then the latest helpers'."""
    return next((face.name for face in row.faces if face.id != row.thread.author_id), "")
