"""Working out which threads are alike, and keeping the pages that show them true."""

from __future__ import annotations

from community import pagecache
from forums.models import RelatedThreads, ReplyMove, Thread
from forums.queries.similar import related_ids

SHOWN_ON = 500  # pages outdated when one thread leaves the lists: more than ever show the same one


def relate(thread_id: int) -> list[int]:
    """Store the ids of threads like this one. May run twice."""
    thread = Thread.objects.filter(pk=thread_id).first()
    if thread is None:
        return []
    ids = related_ids(thread)
    values = {"ids": ids, "made_at": RelatedThreads._meta.get_field("made_at").get_default()}
    RelatedThreads.objects.update_or_create(thread=thread, defaults=values)
    if ids:
        pagecache.bump(pagecache.thread_part(thread.slug))
    return ids


def pages_relating(thread_id: int) -> list[str]:
    """Return the slugs of threads whose page names this one: as like them, or as where replies went."""
    holders = RelatedThreads.objects.filter(ids__contains=[thread_id]).values_list("thread__slug", flat=True)
    left = ReplyMove.objects.filter(into=thread_id, undone_at=None).values_list("source__slug", flat=True)
    return list(holders.union(left)[:SHOWN_ON])
