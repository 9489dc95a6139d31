"""What a digest says: the new questions of the topics somebody subscribes to, as they are when it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import connection
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.lib.mail import text_and_html
from forums.emails import name_of
from forums.models import Thread
from profiles.mail.emails import SETTINGS_URL, footer
from profiles.mail.unsubscribe import unsubscribe_url
from profiles.models import SkipReason
from profiles.notifications import Composed, Email, EmailBatch
from profiles.restrictions import apart_from

THREADS_LIMIT = 60  # of one digest; the page has the rest
SCOPE = "kind:digest"

# A preview shows what was asked before the topic was followed as well.
# The newest of each person's topics, at most a digest's fill of each topic: one statement for a batch of
# people.
NEW = """
SELECT d.person, t.id FROM unnest(%(people)s::bigint[], %(since)s::timestamptz[], %(through)s::timestamptz[], %(preview)s::bool[])
  AS d (person, since, through, preview)
JOIN forums_topicsubscription b ON b.profile_id = d.person AND b.delivery = 'digest'
CROSS JOIN LATERAL (
  SELECT t.id FROM forums_thread t
  WHERE t.topic_id = b.topic_id AND t.is_listed AND t.author_id <> d.person
    AND t.created_at > greatest(d.since, CASE WHEN d.preview THEN d.since ELSE b.created_at END) AND t.created_at <= d.through
  ORDER BY t.created_at DESC, t.id DESC LIMIT %(limit)s
) t"""


@dataclass(frozen=True)
class Entry:
    """One question of a digest; `mark` is what stands out about it."""

    subject: str
    url: str
    mark: str
    about: str
    author_id: int
    order: tuple[int, int]


@dataclass
class Section:
    """The new questions of a topic."""

    name: str
    position: tuple[int, int, int]
    entries: list[Entry] = field(default_factory=list)


def compose_digests(batches: Sequence[EmailBatch]) -> Mapping[int, Composed]:
    """Make digests: as many queries for many as for one."""
    found = _new_threads(batches)
    threads = _threads({pk for ids in found.values() for pk in ids})
    return {
        batch.lead.pk: _email(batch, [threads[pk] for pk in found[batch.lead.pk] if pk in threads])
        for batch in batches
    }


def _new_threads(batches: Sequence[EmailBatch]) -> dict[int, list[int]]:
    """Return ids of threads by the id of the lead.

    A person may have two digests in one batch, so each is asked about alone.
    """
    found: dict[int, list[int]] = {batch.lead.pk: [] for batch in batches}
    waiting = list(batches)
    while waiting:
        turn = {batch.profile.pk: batch for batch in reversed(waiting)}
        waiting = [batch for batch in waiting if turn[batch.profile.pk] is not batch]
        facts = [batch.lead.facts for batch in turn.values()]
        values = {
            "people": list(turn),
            "since": [one.get("since") for one in facts],
            "through": [one.get("through") for one in facts],
            "preview": [bool(one.get("preview")) for one in facts],
            "limit": THREADS_LIMIT + 1,
        }
        with connection.cursor() as cursor:
            cursor.execute(NEW, values)
            for person, thread in cursor.fetchall():
                found[turn[person].lead.pk].append(thread)
    return found


def _threads(ids: set[int]) -> dict[int, tuple[Section, Entry]]:
    """Return each thread as an entry, with the head of its section."""
    rows = Thread.objects.filter(pk__in=ids, is_listed=True).select_related(
        "topic__group", "author", "solution__author"
    )
    return {thread.pk: (_section(thread), _entry(thread)) for thread in rows}


def _section(thread: Thread) -> Section:
    topic = thread.topic
    return Section(topic.name, (topic.group.position, topic.position, topic.pk))


def _entry(thread: Thread) -> Entry:
    replies = ngettext("%(n)d reply", "%(n)d replies", thread.answer_count) % {"n": thread.answer_count}
    mark = ""
    if thread.solution is not None:
        mark = _("Solved.")
        about = _("%(replies)s, solution by %(name)s") % {
            "replies": replies,
            "name": name_of(thread.solution.author),
        }
    elif thread.answer_count:
        about = replies
    else:
        about = _("%(name)s, no replies yet") % {"name": name_of(thread.author)}
    url = f"{settings.SITE_URL}{thread.get_absolute_url()}"
    return Entry(
        thread.subject, url, mark, about, thread.author_id, (int(thread.created_at.timestamp()), thread.pk)
    )


def _email(batch: EmailBatch, found: Sequence[tuple[Section, Entry]]) -> Composed:
    person = batch.profile
    apart = apart_from(person)
    found = sorted(
        (one for one in found if one[1].author_id not in apart), key=lambda one: one[1].order, reverse=True
    )
    if not found:
        return SkipReason.EMPTY
    shown, more = found[:THREADS_LIMIT], len(found) - THREADS_LIMIT
    sections = _sections(shown)
    title = _("%(day)s in your topics") % {
        "day": date_format(date.fromisoformat(batch.lead.facts["day"]), "l")
    }
    count = ngettext("%(n)d new thread", "%(n)d new threads", len(shown)) % {"n": len(shown)}
    names = ", ".join(section.name for section in sections[:3])
    end = _("See the rest in the forum.") if more > 0 else _("That’s everything new.")
    values = {
        "title": title, "preheader": _("%(count)s in %(topics)s.") % {"count": count, "topics": names},
        "summary": f"{count}. {end}", "sections": sections, "open_url": f"{settings.SITE_URL}/questions/",
        "why": _("We send this once a day when there are new threads in topics you follow."),
        "topics_url": f"{settings.SITE_URL}/community/dashboard/", "settings_url": SETTINGS_URL,
        "stop_url": unsubscribe_url(person.pk, SCOPE),
    }  # fmt: skip
    return Email(
        subject=title,
        **text_and_html("digest", values, footer=f"{values['why']}\n{footer(person.pk, SCOPE)}"),
        scope=SCOPE,
        list_key="digest",
        list_name=_("Daily digest"),
    )


def _sections(found: Sequence[tuple[Section, Entry]]) -> list[Section]:
    sections: dict[int, Section] = {}
    for head, entry in found:
        section = sections.setdefault(head.position[2], Section(head.name, head.position))
        section.entries.append(entry)
    return sorted(sections.values(), key=lambda section: section.position)
