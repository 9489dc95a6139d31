"""Feeds: what is new, everywhere, in a topic, under a tag or in a thread, as Atom; listed and shown things
only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from community.lib.jsonld import visible
from forums.models import Post, Thread, ThreadQuerySet

ENTRIES = 30
HTML_CHARACTERS = 20_000
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)  # of a feed that has no entry: a feed says when it changed


@dataclass(frozen=True)
class Entry:
    """One entry: a thread by its opening post, or a reply."""

    id: str
    title: str
    path: str
    html: str
    author: str
    author_id: int
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...] = ()


class Atom(Atom1Feed):
    """Django's Atom, with the address that relative links in entries start from."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:base": f"{settings.SITE_URL}/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["html"], {"type": "html"})


def newest_threads(threads: ThreadQuerySet) -> list[Entry]:
    """Return the newest of listed `threads`, each with its question."""
    rows = list(threads.listed().select_related("author").order_by("-created_at", "-id")[:ENTRIES])
    openings = {post.thread_id: post for post in Post.objects.shown().filter(thread__in=rows, number=1)}
    return [
        Entry(
            id=f"thread/{thread.pk}", title=thread.subject, path=thread.get_absolute_url(), html=opening.body_html,
            author=thread.author.name, author_id=thread.author_id, created_at=thread.created_at,
            updated_at=max(thread.created_at, opening.edited_at or thread.created_at), tags=tuple(thread.tag_names),
        )
        for thread in rows
        if (opening := openings.get(thread.pk)) is not None
    ]  # fmt: skip


def posts_of(thread: Thread) -> list[Entry]:
    """Return a thread's newest posts."""
    posts = (
        Post.objects.shown()
        .filter(thread=thread)
        .select_related("author", "thread")
        .order_by("-number")[:ENTRIES]
    )
    reply = _("Reply by %(name)s")
    return [
        Entry(
            id=f"post/{post.pk}", title=thread.subject if post.number == 1 else reply % {"name": post.author.name},
            path=post.get_absolute_url(), html=post.body_html, author=post.author.name, author_id=post.author_id,
            created_at=post.created_at, updated_at=post.edited_at or post.created_at,
        )
        for post in posts
    ]  # fmt: skip


def atom(title: str, *, path: str, page: str, entries: Iterable[Entry], since: datetime | None = None) -> str:
    """Return the feed at `path` of what stands at `page`.

    Ids never change, whatever becomes of subjects and permalinks.
    """
    site = settings.SITE_URL
    entries = list(entries)
    feed = Atom(
        title=visible(f"{title} · {settings.SITE_NAME}"), link=f"{site}{page}", description="", feed_url=f"{site}{path}",
        feed_guid=f"{site}{path}", language=settings.LANGUAGE_CODE,
    )  # fmt: skip
    latest = max((one.updated_at for one in entries), default=since or BEGINNING)
    feed.latest_post_date = lambda: latest  # type: ignore[method-assign]
    for one in entries:
        feed.add_item(
            title=visible(one.title), link=f"{site}{one.path}",
            description=None,  # type: ignore[arg-type]
            unique_id=f"{site}/ids/{one.id}",
            html=visible(one.html[:HTML_CHARACTERS]), author_name=visible(one.author) or "?",
            author_link=f"{site}/community/profiles/{one.author_id}/", pubdate=one.created_at, updateddate=one.updated_at,
            categories=one.tags,
        )  # fmt: skip
    return feed.writeString("utf-8")  # type: ignore[no-any-return]
