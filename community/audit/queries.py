"""Read the log: entries about one target, and entries that do not verify."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from community.audit import chain
from community.audit.models import LogDetail, LogEntry

CHUNK = 2000


def entries_about(target: str) -> QuerySet[LogEntry]:
    """Return the entries about `target` ("thread:12") with their texts, newest first."""
    return LogEntry.objects.filter(target=target).select_related("detail").order_by("-id")


def broken_entries() -> Iterator[tuple[LogEntry, str]]:
    """Yield each entry that does not verify, with a sentence that says why. Streams: memory does not grow with the log."""
    previous = ""
    for entry in LogEntry.objects.order_by("id").select_related("detail").iterator(CHUNK):
        if entry.previous_digest != previous:
            yield entry, "the entry before it is missing, moved or changed"
        if entry.digest != _digest(entry):
            yield entry, "its facts do not match its digest"
        detail = getattr(entry, "detail", None)
        if detail is not None and entry.detail_digest != _detail_digest(detail):
            yield entry, "its words do not match their digest"
        previous = entry.digest


def _digest(entry: LogEntry) -> str:
    return chain.digest_of_entry(
        previous=entry.previous_digest,
        actor_id=entry.actor_id,
        action=entry.action,
        target=entry.target,
        before=entry.before,
        after=entry.after,
        created_at=entry.created_at,
        source_key=entry.source_key,
        detail_digest=entry.detail_digest,
    )


def _detail_digest(detail: LogDetail) -> str:
    return chain.digest_of_detail(
        detail.salt, reason=detail.reason, title=detail.title, before=detail.before, after=detail.after
    )
