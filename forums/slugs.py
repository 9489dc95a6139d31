"""Permalinks of threads: from the subject, with the thread's number where the plain words are not free."""

from __future__ import annotations

from django.utils.text import slugify

from community.lib.paths import words_under
from forums.models import Thread, ThreadSlug

SLUG_LENGTH = 80
PLANNED = frozenset({"new"})  # no page has this address yet, and a thread must not take it


def base_slug(subject: str) -> str:
    """Return the words of a subject as they stand in an address."""
    return slugify(subject)[:SLUG_LENGTH].strip("-_") or "thread"


def is_reserved(slug: str) -> bool:
    """Say whether an address of the forum's own pages, or a thread's number, would be mistaken for this slug."""
    return slug.isdigit() or slug in PLANNED or slug in words_under("questions/")


def numbered_slug(thread: Thread) -> str:
    return f"{base_slug(thread.subject)}-{thread.pk}"


def free_slug(thread: Thread) -> str:
    """Return the slug a thread should have.

    Threads that are hidden (because they are private or await approval) have the numbered one, and a private
    one keeps no plain slug to itself either: otherwise whoever posts the same subject would learn from the
    number in their own permalink that such a thread exists.
    """
    base = base_slug(thread.subject)
    if thread.hidden_at or is_reserved(base):
        return numbered_slug(thread)
    taken = Thread.objects.filter(slug=base).exclude(pk=thread.pk).values("slug")
    once = (
        ThreadSlug.objects.filter(slug=base, thread__private_at=None)
        .exclude(thread_id=thread.pk)
        .values("slug")
    )
    return numbered_slug(thread) if taken.union(once).exists() else base


def move_slug(thread: Thread) -> None:
    """Set the slug that fits the thread's subject and visibility now; the one it had redirects.

    The caller saves.
    """
    old, new = thread.slug, free_slug(thread)
    if new == old:
        return
    ThreadSlug.objects.filter(slug=new, thread=thread).delete()
    ThreadSlug.objects.update_or_create(slug=old, defaults={"thread": thread})
    thread.slug = new
