"""The log as moderators read it: who did what to what, when, why, what it was before, and how to undo it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.audit.models import LogEntry
from forums.models import Post, Thread
from profiles.models import Profile

PAGE = 50
# What can be undone by the tools: the field that says whether it still holds, and the tool.
UNDO = {
    "thread.archived": ("archived_at", "unarchive"),
    "thread.locked": ("locked_at", "unlock"),
    "thread.pinned": ("pinned_at", "unpin"),
    "thread.hidden": ("hidden_by_id", "show"),
    "thread.made-private": ("private_at", "make-public"),
    "thread.merged": ("merged_into_id", "unmerge"),
    "thread.deleted": ("deleted_at", "undelete"),
    "post.hidden": ("hidden_by_id", "off"),
}
LABELS: dict[str, str | Promise] = {
    "thread.archived": gettext_lazy("archived a thread"),
    "thread.restored": gettext_lazy("restored a thread from the archive"),
    "thread.locked": gettext_lazy("locked a thread"),
    "thread.unlocked": gettext_lazy("unlocked a thread"),
    "thread.pinned": gettext_lazy("pinned a thread"),
    "thread.unpinned": gettext_lazy("unpinned a thread"),
    "thread.hidden": gettext_lazy("hid a thread"),
    "thread.shown": gettext_lazy("showed a thread again"),
    "thread.moved": gettext_lazy("moved a thread"),
    "thread.merged": gettext_lazy("merged a thread into another"),
    "thread.unmerged": gettext_lazy("undid a merge"),
    "thread.edited": gettext_lazy("edited a thread’s subject or tags"),
    "thread.deleted": gettext_lazy("deleted a thread"),
    "thread.undeleted": gettext_lazy("undeleted a thread"),
    "thread.made-private": gettext_lazy("made a thread confidential"),
    "thread.made-public": gettext_lazy("made a thread public"),
    "post.hidden": gettext_lazy("hid a reply"),
    "post.shown": gettext_lazy("showed a reply again"),
    "post.edited": gettext_lazy("edited a post"),
    "post.deleted": gettext_lazy("deleted a reply"),
    "post.undeleted": gettext_lazy("undeleted a reply"),
    "post.approved": gettext_lazy("approved a text in review"),
    "post.turned-down": gettext_lazy("turned a text down in review"),
    "post.reopened": gettext_lazy("put a text back into review"),
    "profile.trust-set": gettext_lazy("changed how far a member is trusted"),
    "role.changed": gettext_lazy("changed a role"),
    "sanction.given": gettext_lazy("gave a sanction"),
    "sanction.lifted": gettext_lazy("lifted a sanction"),
    "sanction.ended": gettext_lazy("a sanction ended"),
    "report.made": gettext_lazy("a report came in"),
    "report.decided": gettext_lazy("decided about a report"),
    "appeal.made": gettext_lazy("an appeal came in"),
    "appeal.decided": gettext_lazy("decided about an appeal"),
    "seal.asked": gettext_lazy("asked to see who reported"),
    "seal.opened": gettext_lazy("looked at who reported"),
    "award.given": gettext_lazy("gave an achievement"),
    "award.revoked": gettext_lazy("revoked an achievement"),
    "points.gifted": gettext_lazy("gave points"),
    "page.saved": gettext_lazy("changed a page of the site"),
    "spam-filter.set": gettext_lazy("set the learning filter"),
}
PLACES = {"thread": "/questions/{}/", "post": "/questions/post/{}/", "profile": "/community/profiles/{}/"}


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
    actor_url: str
    action: str
    code: str
    target: str
    target_url: str
    title: str
    before: str
    after: str
    reason: str
    undo_url: str = ""
    actor_id: int | None = None


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


def actions_used() -> list[tuple[str, str | Promise]]:
    """Return the actions there are with their labels, by hopping along the index instead of reading every row."""
    found: list[tuple[str, str | Promise]] = []
    actions = LogEntry.objects.order_by("action").values_list("action", flat=True)
    action = actions.first()
    while action is not None:
        found.append((action, LABELS.get(action, action)))
        action = actions.filter(action__gt=action).first()
    return found


def described(rows: Sequence[LogEntry]) -> list[Line]:
    """Put entries into words: three queries, however many."""
    names = dict(Profile.objects.filter(pk__in=[row.actor_id for row in rows if row.actor_id]).values_list("pk", "name"))
    threads = Thread.objects.in_bulk(_ids(rows, "thread"))
    posts = Post.objects.select_related("thread").in_bulk(_ids(rows, "post"))
    return [_line(row, names, threads, posts) for row in rows]


def _line(row: LogEntry, names: dict[int, str], threads: dict[int, Thread], posts: dict[int, Post]) -> Line:
    kind, _colon, number = row.target.partition(":")
    key = int(number) if number.isdecimal() and len(number) < 18 else 0
    detail = getattr(row, "detail", None)
    thread = threads.get(key) if kind == "thread" else None
    post = posts.get(key) if kind == "post" else None
    known = thread or (post.thread if post else None)
    return Line(
        id=row.pk,
        at=row.created_at,
        actor=names.get(row.actor_id or 0, "") or (_("Former member") if row.actor_id else _("Hearth")),
        actor_url=f"/community/profiles/{row.actor_id}/" if row.actor_id else "",
        action=str(LABELS.get(row.action, row.action)),
        code=row.action,
        target=row.target,
        target_url=PLACES[kind].format(key) if kind in PLACES and key and (kind == "profile" or known) else "",
        title=(detail.title if detail else "") or (known.subject if known else ""),
        before=_facts(row.before, detail.before if detail else {}),
        after=_facts(row.after, detail.after if detail else {}),
        reason=detail.reason if detail else "",
        undo_url=_undo(row, thread, post),
        actor_id=row.actor_id,
    )


def _undo(row: LogEntry, thread: Thread | None, post: Post | None) -> str:
    thing = thread or post
    if row.action == "post.turned-down" and post is not None and post.held_for and not post.held_at:
        return f"/moderation/review/decide/?do=again:{post.pk}"
    field, tool = UNDO.get(row.action, ("", ""))
    if thing is None or not field or not getattr(thing, field):
        return ""
    return f"/moderation/threads/{thing.pk}/?do={tool}" if thread else f"/moderation/posts/{thing.pk}/?hidden={tool}"


def _facts(kept: dict[str, Any] | None, words: dict[str, Any]) -> str:
    """Return facts and their erasable words in one line."""
    together = {**(kept or {}), **words}
    return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(together.items()))


def _ids(rows: Iterable[LogEntry], kind: str) -> set[int]:
    numbers = (row.target.removeprefix(f"{kind}:") for row in rows if row.target.startswith(f"{kind}:"))
    return {int(number) for number in numbers if number.isdecimal() and len(number) < 18}


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
        return timezone.make_aware(datetime.combine(day, time.min)) if day.year > 1900 and day.year < 9000 else None
    except ValueError:
        return None
