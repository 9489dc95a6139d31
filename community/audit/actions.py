"""Record actions in the log, and erase the texts beside a record.

This module is imported while apps load (`community.audit.record`), so models are imported inside the functions.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from community.audit import chain

if TYPE_CHECKING:
    from community.audit.models import LogEntry

# Any number, the same in every release: whoever appends to the chain holds it until their transaction ends.
CHAIN_LOCK = 7_205_759_404


@transaction.atomic
def record(
    action: str,
    *,
    actor_id: int | None,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    title: str = "",
    source_key: str | None = None,
) -> LogEntry:
    """Append what was done to the log, in the caller's transaction; once per `source_key`.

    `actor_id` is a profile's id, None for Hearth itself; `target` is kind and id ("thread:12"). `before` and `after` hold ids,
    states and slugs; free text among them, `reason` and `title` go to the erasable row. Takes the chain's lock until the
    transaction ends, so call it last, after the row locks, and give each item of a bulk its own transaction.
    """
    from community.audit.models import LogDetail, LogEntry

    _take_chain_lock()
    if source_key is not None and (known := LogEntry.objects.filter(source_key=source_key).first()):
        return known
    kept_before, words_before = chain.split_facts(before)
    kept_after, words_after = chain.split_facts(after)
    words: dict[str, Any] = {
        "reason": _clean(reason),
        "title": _clean(title)[:200],
        "before": words_before,
        "after": words_after,
    }
    salt = secrets.token_hex(16) if any(words.values()) else ""
    facts: dict[str, Any] = {
        "actor_id": actor_id,
        "action": action,
        "target": target,
        "before": kept_before,
        "after": kept_after,
        "created_at": timezone.now(),
        "source_key": source_key,
        "detail_digest": chain.digest_of_detail(salt, **words) if salt else "",
    }
    previous = LogEntry.objects.order_by("-id").values_list("digest", flat=True).first() or ""
    digest = chain.digest_of_entry(previous=previous, **facts)
    entry = LogEntry.objects.create(previous_digest=previous, digest=digest, **facts)
    if salt:
        LogDetail.objects.create(entry=entry, salt=salt, **words)
    return entry


def _take_chain_lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])


def _clean(text: str) -> str:
    """Drop NUL, which PostgreSQL cannot store."""
    return text.replace("\x00", "").strip()


def erase_words(*, target: str) -> int:
    """Erase the free texts beside every entry about `target`; return how many. The chain still verifies."""
    from community.audit.models import LogDetail

    count, _per_model = LogDetail.objects.filter(entry__target=target).delete()
    return count


def erase_words_naming(names: Collection[str], *, targets: Collection[str] | None = None) -> int:
    """Erase the free texts that contain one of `names` as a word, beside entries about `targets` or beside any."""
    from community.audit.models import LogDetail

    pattern = "|".join(re.escape(name) for name in names if name)
    if not pattern:
        return 0
    parts = (
        "title",
        Value(" "),
        "reason",
        Value(" "),
        Cast("before", TextField()),
        Cast("after", TextField()),
    )
    texts = LogDetail.objects.annotate(text=Concat(*parts, output_field=TextField()))
    found = texts.filter(text__iregex=rf"\y({pattern})\y")
    if targets is not None:
        found = found.filter(entry__target__in=list(targets))
    return found.delete()[0]


def erase_words_about(title: str, *, targets: Collection[str]) -> int:
    """Erase the free texts beside entries about `targets` that have `title` as title or subject; return how many."""
    from community.audit.models import LogDetail

    named = Q(title=title) | Q(before__subject=title) | Q(after__subject=title)
    return LogDetail.objects.filter(named, entry__target__in=list(targets)).delete()[0]
