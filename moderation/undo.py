"""What the log says was done, undone: by the actions, so every rule holds and is logged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from community.audit.models import LogEntry
from community.lib.errors import Conflict
from community.lib.verbs import REVERSALS
from forums.models import Post, Revision, Thread
from moderation.verbs import GONE
from profiles.models import Profile

Facts = dict[str, Any]


def undo(actor: Profile, entry: LogEntry) -> Thread | Post:
    """Undo what `entry` says. Raises Conflict when that no longer stands, and what the action raises."""
    row = rows_of([entry]).get(entry.target)
    if row is None or not may_be_undone(entry, row):
        raise Conflict(str(GONE))
    REVERSALS[entry.action].act(actor, row, facts_of(entry)[0], _("Undo of an earlier change"))
    return row


def undo_url(actor: Profile, action: str, targets: Iterable[str]) -> str:
    """Return where what `actor` has just done to `targets` can be undone, or nothing."""
    newest: dict[str, LogEntry] = {}
    entries = LogEntry.objects.select_related("detail").filter(
        actor_id=actor.pk, action=action, target__in=list(targets)
    )
    for entry in entries.order_by("-id")[:200]:
        newest.setdefault(entry.target, entry)
    rows = rows_of(newest.values())
    ids = [
        str(entry.pk)
        for target, entry in newest.items()
        if target in rows and may_be_undone(entry, rows[target])
    ]
    return f"/moderation/log/undo/?entries={','.join(ids)}" if ids else ""


def may_be_undone(entry: LogEntry, row: Thread | Post) -> bool:
    """Say whether what `entry` says still stands and can be undone."""
    reversal = REVERSALS.get(entry.action)
    return reversal is not None and reversal.stands(row, *facts_of(entry))


def rows_of(entries: Iterable[LogEntry]) -> dict[str, Thread | Post]:
    """Return the threads and posts that entries are about, by target: two queries, however many."""
    wanted: dict[str, set[int]] = {"thread": set(), "post": set()}
    for kind, _colon, number in (entry.target.partition(":") for entry in entries):
        if kind in wanted and number.isascii() and number.isdecimal() and len(number) < 18:
            wanted[kind].add(int(number))
    last = Revision.objects.filter(post=OuterRef("pk")).order_by("-number")
    posts = Post.objects.select_related("thread").annotate(
        last_revision=Subquery(last.values("number")[:1]), last_body=Subquery(last.values("body")[:1])
    )
    found: dict[str, Thread | Post] = {
        f"thread:{pk}": row for pk, row in Thread.objects.in_bulk(wanted["thread"]).items()
    }
    return found | {f"post:{pk}": row for pk, row in posts.in_bulk(wanted["post"]).items()}


def facts_of(entry: LogEntry) -> tuple[Facts, Facts]:
    """Return the facts before and after, with the words that are not erased."""
    detail = getattr(entry, "detail", None)
    words = (detail.before, detail.after) if detail else ({}, {})
    return {**(entry.before or {}), **words[0]}, {**(entry.after or {}), **words[1]}
