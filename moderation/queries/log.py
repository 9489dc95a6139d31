"""The log as moderators read it: who did what to what, when, why, what it was before, and how to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.audit.models import LogEntry
from community.lib.verbs import log_sentence
from forums.models import Post, Thread, Topic
from forums.queries.lists import Face
from moderation.log_words import fact_name, label_of, target_name, value_words
from moderation.undo import facts_of, may_be_undone, rows_of
from profiles.models import Profile

PAGE = 50
PLACES = {
    "thread": "/questions/{}/", "post": "/questions/post/{}/", "profile": "/community/profiles/{}/",
    "case": "/moderation/reports/{}/",
}  # fmt: skip
# Facts that are ids, and what they are ids of.
PEOPLE_FACTS, THREAD_FACTS, POST_FACTS = (
    ("profile", "member", "asked_by"),
    ("merged_into", "thread"),
    ("solution", "kept_solution"),
)


@dataclass(frozen=True)
class Wanted:
    """The filters of the page; empty ones let everything through."""

    actor: str = ""
    action: str = ""
    target: str = ""
    since: str = ""
    until: str = ""


@dataclass
class Line:
    """One entry in words."""

    id: int
    at: datetime
    actor: str
    sentence: SafeString  # "Hana archived “Pairing fails”", with links
    code: str
    target: str
    target_url: str
    title: str
    before: str
    after: str
    reason: str
    undo_url: str = ""
    actor_id: int | None = None
    face: Face | None = None  # nobody’s for what Hearth did
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # name, before, after


def entries(wanted: Wanted) -> QuerySet[LogEntry]:
    """Return the entries that fit, newest first. Each filter has an index; what cannot be read finds nothing."""
    found = LogEntry.objects.select_related("detail").order_by("-id")
    if wanted.actor.strip():
        found = found.filter(actor_id__in=_actors(wanted.actor.strip()))
    if wanted.action:
        found = found.filter(action=wanted.action)
    if wanted.target.strip():
        found = found.filter(target=wanted.target.strip()[:80].replace("\x00", ""))
    since, until = _day(wanted.since), _day(wanted.until)
    if since:
        found = found.filter(created_at__gte=since)
    if until:
        found = found.filter(created_at__lt=until + timedelta(days=1))
    return found


def page_of(wanted: Wanted, before: int | None) -> tuple[list[Line], int | None]:
    """Return one page of lines from entry `before` (exclusive) back in time, and where the next page goes on."""
    found = entries(wanted)
    rows = list((found.filter(id__lt=before) if before else found)[: PAGE + 1])
    return described(rows[:PAGE]), rows[PAGE - 1].pk if len(rows) > PAGE else None


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """Return lines under the day they belong to, in the reader's time zone."""
    grouped = groupby(lines, key=lambda line: timezone.localtime(line.at).date())
    return [(day, list(found)) for day, found in grouped]


def actions_used() -> list[tuple[str, str]]:
    """Return the actions there are with their labels, by hopping along the index instead of reading every row."""
    found: list[tuple[str, str]] = []
    actions = LogEntry.objects.order_by("action").values_list("action", flat=True)
    action = actions.first()
    while action is not None:
        found.append((action, label_of(action)))
        action = actions.filter(action__gt=action).first()
    return found


def described(rows: Sequence[LogEntry]) -> list[Line]:
    """Put entries into words: six queries, however many."""
    names = _Names(rows)
    return [_line(row, names) for row in rows]


class _Names:
    """What the ids in entries are called: fetched at once for all of them."""

    def __init__(self, rows: Sequence[LogEntry]) -> None:
        self.things = rows_of(rows)
        people = {row.actor_id for row in rows if row.actor_id} | _ids(rows, PEOPLE_FACTS)
        people |= {_key(row.target) for row in rows if row.target.startswith("profile:")}
        rows_of_people = Profile.objects.filter(pk__in=people).values_list(
            "pk", "name", "avatar", "tone", "team_id"
        )
        self.faces = {values[0]: Face(*values) for values in rows_of_people}
        self.people = {pk: face.name for pk, face in self.faces.items()}
        self.topics = dict(Topic.objects.filter(pk__in=_ids(rows, ("topic",))).values_list("pk", "name"))
        self.threads = dict(
            Thread.objects.filter(pk__in=_ids(rows, THREAD_FACTS)).values_list("pk", "subject")
        )
        self.authors = dict(
            Post.objects.filter(pk__in=_ids(rows, POST_FACTS)).values_list("pk", "author__name")
        )

    def target(self, row: LogEntry) -> str:
        thing = self.things.get(row.target)
        if thing is not None:
            return thing.subject if isinstance(thing, Thread) else thing.thread.subject
        known = self.people.get(_key(row.target), "") if row.target.startswith("profile:") else ""
        return known or target_name(row.target)

    def source(self, before: dict[str, Any]) -> SafeString:
        """Return the thread that replies came from."""
        pk = before.get("thread")
        if pk not in self.threads:
            return _link("", _("a thread"))
        return _link(f"/questions/{pk}/", _("“%(title)s”") % {"title": self.threads[pk]})

    def facts(self, facts: dict[str, Any]) -> str:
        """Return facts in one line, sorted by name."""
        return "; ".join(
            f"{fact_name(name)}: {self._value(name, value)}" for name, value in sorted(facts.items())
        )

    def changes(self, before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
        """Return what each fact was and became, by its name in words."""
        return [
            (fact_name(name), self._value(name, before.get(name)), self._value(name, after.get(name)))
            for name in sorted({*before, *after})
        ]

    def _value(self, name: str, value: object) -> str:
        if name == "posts" and isinstance(value, list):
            return ngettext("%(count)d reply", "%(count)d replies", len(value)) % {"count": len(value)}
        if not isinstance(value, int) or isinstance(value, bool):
            return value_words(value)
        if name in POST_FACTS and value in self.authors:
            return _("post %(id)d by %(name)s") % {
                "id": value,
                "name": self.authors[value] or _("Former member"),
            }
        known = {
            "topic": self.topics,
            **dict.fromkeys(THREAD_FACTS, self.threads),
            **dict.fromkeys(PEOPLE_FACTS, self.people),
        }
        return known.get(name, {}).get(value) or str(value)


def _line(row: LogEntry, names: _Names) -> Line:
    kind, key = row.target.partition(":")[0], _key(row.target)
    detail = getattr(row, "detail", None)
    thing = names.things.get(row.target)
    before, after = facts_of(row)
    leads = kind in PLACES and key and (kind in ("profile", "case") or thing is not None)
    actor = names.people.get(row.actor_id or 0, "") or (_("Former member") if row.actor_id else _("Hearth"))
    title = (detail.title if detail else "") or names.target(row)
    target_url = PLACES[kind].format(key) if leads else ""
    return Line(
        id=row.pk,
        at=row.created_at,
        actor=actor,
        sentence=log_sentence(
            row.action,
            actor=_link(f"/community/profiles/{row.actor_id}/" if row.actor_id else "", actor),
            source=names.source(before),
            target=_link(target_url, title if kind == "profile" else _("“%(title)s”") % {"title": title}),
        ),
        code=row.action,
        target=row.target,
        target_url=target_url,
        title=title,
        before=names.facts(before),
        after=names.facts(after),
        reason=detail.reason if detail else "",
        undo_url=f"/moderation/log/undo/?entries={row.pk}"
        if thing is not None and may_be_undone(row, thing)
        else "",
        actor_id=row.actor_id,
        face=names.faces.get(row.actor_id or 0),
        changes=names.changes(before, after),
    )


def _link(url: str, name: str) -> SafeString:
    if not url:
        return format_html('<span dir="auto">{}</span>', name)
    return format_html('<a href="{}" dir="auto">{}</a>', url, name)


def _key(target: str) -> int:
    number = target.partition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 18 else 0


def _ids(rows: Iterable[LogEntry], names: Sequence[str]) -> set[int]:
    found = (
        facts.get(name) for row in rows for facts in (row.before or {}, row.after or {}) for name in names
    )
    return {one for one in found if isinstance(one, int) and not isinstance(one, bool)}


def _actors(named: str) -> list[int]:
    """Return whom a moderator means: by number, handle, or the whole name."""
    if named.isascii() and named.isdecimal() and len(named) < 18:
        return [int(named)]
    if "\x00" in named or len(named) > 160:
        return []
    by_handle = Profile.objects.filter(handle__iexact=named.removeprefix("@"))
    return list(by_handle.values_list("pk", flat=True)) or list(
        Profile.objects.filter(name__iexact=named).values_list("pk", flat=True)[:20]
    )


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
        return (
            timezone.make_aware(datetime.combine(day, time.min))
            if day.year > 1900 and day.year < 9000
            else None
        )
    except ValueError:
        return None
