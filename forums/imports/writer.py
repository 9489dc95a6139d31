"""What every import does with what its source says: find or make people, topics, threads and posts, in
batches.
"""

from __future__ import annotations

import html
import multiprocessing
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from community.lib import markdown
from forums.actions.tags import clean_tag_names
from forums.indexing import fill
from forums.maintenance import mend, walk
from forums.models import Post, Tag, Thread, ThreadSlug, Topic, TopicGroup
from forums.models.thread import SUBJECT_LIMIT, TAGS_LIMIT
from forums.slugs import base_slug, is_reserved
from profiles.actions.handles import handle_base
from profiles.models import Profile

BATCH = 1000
CHUNK = 50  # bodies a helper process takes at a time
PARKED = 1_000_000  # posts are numbered from here until all of a thread are there


_UNSTORABLE = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


@dataclass
class Tally:
    """What was read, written and skipped, and why."""

    read: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Person:
    key: str
    name: str
    created_at: datetime
    location: str = ""


@dataclass(frozen=True)
class NewThread:
    key: str
    author: str
    subject: str
    created_at: datetime
    tags: Sequence[str] = ()
    topic: str = ""


@dataclass(frozen=True)
class NewPost:
    """`parked` orders posts of one moment; `html` bodies come as HTML, others as Markdown."""

    key: str
    thread: str
    author: str
    body: str
    is_html: bool
    created_at: datetime
    parked: int
    opening: bool = False
    score: int = 0
    is_comment: bool = False


def clean(text: str) -> str:
    """Return text PostgreSQL can store."""
    return _UNSTORABLE.sub("", text)


def to_html(body: tuple[str, bool]) -> tuple[str, str]:
    """Return (HTML, what went wrong) of a (body, is_html) pair. Pure, so that other processes can do it."""
    text, is_html = body
    try:
        if is_html:
            return markdown.sanitize(text), ""
        return markdown.render(text, limit=None).html, ""
    except (markdown.BodyRefused, RecursionError, ValueError):
        return f"<p>{html.escape(text)}</p>", "shown as plain text"


class Writer:
    """Writes batches. `source` stands before every key, so that two imports never meet."""

    def __init__(self, source: str, nobody: str = "") -> None:
        """`nobody` is the key of the profile that takes the place of people the source no longer knows."""
        self.source, self.nobody, self.tally = source, nobody, Tally()
        self.pool = multiprocessing.get_context("fork").Pool(2)
        self.topics: dict[str, Topic] = {}

    def close(self) -> None:
        """End the helpers."""
        self.pool.terminate()
        self.pool.join()

    def known(self, model: type, keys: Iterable[str]) -> dict[str, int]:
        """Return {key: id} of the rows of `keys` that are here already."""
        wanted = [f"{self.source}:{key}" for key in keys]
        rows = model.objects.filter(import_key__in=wanted).values_list("import_key", "pk")  # type: ignore[attr-defined]
        return {key[len(self.source) + 1 :]: pk for key, pk in rows}

    def topic(self, name: str, slug: str, *, is_question: bool = True) -> Topic:
        """Return the topic of `slug`, made under “Imported” when there is none."""
        if slug not in self.topics:
            found = Topic.objects.filter(slug=slug).first()
            if found is None:
                group, _made = TopicGroup.objects.get_or_create(
                    slug="imported", defaults={"name": "Imported", "position": 90}
                )
                found = Topic.objects.create(
                    group=group, name=name[:80], slug=slug, solutions_enabled=is_question
                )
            self.topics[slug] = found
        return self.topics[slug]

    @transaction.atomic
    def people(self, people: Sequence[Person]) -> None:
        """Write profiles nobody has claimed yet."""
        self.tally.read["people"] += len(people)
        here = self.known(Profile, [one.key for one in people])
        bases = {handle_base(one.name) for one in people}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT lower(handle) FROM profiles_profile WHERE lower(handle) = ANY(%s)", [sorted(bases)]
            )
            taken = {row[0] for row in cursor.fetchall()}
        rows = []
        for one in people:
            if one.key in here:
                self.tally.skipped["people", "already here"] += 1
                continue
            handle = handle_base(one.name)
            if handle in taken or handle == "member":
                handle = f"{handle[:18]}-{slugify(self.source)[:8]}{slugify(one.key.split(':')[-1])[:10]}"
            taken.add(handle)
            rows.append(
                Profile(
                    name=clean(one.name)[:160] or "Former member", handle=handle[:40], location=clean(one.location)[:120],
                    created_at=one.created_at, import_key=f"{self.source}:{one.key}", tone=len(rows) % 6 + 1,
                )
            )  # fmt: skip
        made = Profile.objects.bulk_create(rows, ignore_conflicts=True)
        self.tally.written["people"] += len(made)

    @transaction.atomic
    def threads(self, threads: Sequence[NewThread], topic_of: Any) -> None:
        """Write threads without their posts."""
        here = self.known(Thread, [one.key for one in threads])
        authors = self._authors({one.author for one in threads})
        names = {name for one in threads for name in self._tags(one)}
        Tag.objects.bulk_create([Tag(name=name) for name in sorted(names)], ignore_conflicts=True)
        tag_ids = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
        rows, links, slugs = [], [], self._taken(threads)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('forums_thread', 'id')) FROM generate_series(1, %s)",
                [len(threads)],
            )
            ids = [row[0] for row in cursor.fetchall()]
        for pk, one in zip(ids, threads, strict=True):
            if one.key in here:
                self.tally.skipped["threads", "already here"] += 1
            elif one.author not in authors:
                self.tally.skipped["threads", "no author"] += 1
            else:
                topic, tags = topic_of(one), self._tags(one)
                rows.append(
                    Thread(
                        pk=pk, topic=topic, author_id=authors[one.author],
                        subject=clean(one.subject)[:SUBJECT_LIMIT] or "Untitled",
                        slug=self._slug(one, pk, slugs), tag_names=tags,
                        created_at=one.created_at, last_activity_at=one.created_at,
                        is_question=topic.solutions_enabled, participant_ids=[authors[one.author]],
                        import_key=f"{self.source}:{one.key}",
                    )
                )  # fmt: skip
                links += [Thread.tags.through(thread_id=pk, tag_id=tag_ids[name]) for name in tags]
        Thread.objects.bulk_create(rows)
        Thread.tags.through.objects.bulk_create(links, ignore_conflicts=True)
        self.tally.written["threads"] += len(rows)

    def posts(self, posts: Sequence[NewPost]) -> None:
        """Write posts at their parked numbers; rendering is shared out."""
        here = self.known(Post, [one.key for one in posts])
        threads = self.known(Thread, {one.thread for one in posts})
        authors = self._authors({one.author for one in posts})
        wanted = []
        for one in posts:
            kind = "comments" if one.is_comment else "posts"
            reason = "already here" if one.key in here else "no thread" if one.thread not in threads else ""
            reason = reason or (
                "no author" if one.author not in authors else "" if one.body.strip() else "empty"
            )
            if reason:
                self.tally.skipped[kind, reason] += 1
            else:
                wanted.append(one)
        bodies = [(clean(one.body), one.is_html) for one in wanted]
        # As they come: while one chunk is stored, the next ones are rendered.
        rendered = zip(wanted, bodies, self.pool.imap(to_html, bodies, chunksize=CHUNK), strict=True)
        rows = []
        for one, (body, _is_html), (page, trouble) in rendered:
            if trouble:
                self.tally.skipped["bodies", trouble] += 1
            rows.append(self._post(one, threads[one.thread], authors[one.author], body, page))
            self.tally.written["comments" if one.is_comment else "posts"] += 1
            if len(rows) == BATCH:
                Post.objects.bulk_create(rows)
                rows = []
        Post.objects.bulk_create(rows)

    def _post(self, one: NewPost, thread_id: int, author_id: int, body: str, page: str) -> Post:
        return Post(
            thread_id=thread_id, number=1 if one.opening else PARKED + one.parked, author_id=author_id,
            body=body, body_format="html" if one.is_html else "md", body_html=page, created_at=one.created_at,
            renderer_version=markdown.RENDERER_VERSION, imported_score=one.score, vote_count=one.score,
            is_comment=one.is_comment, import_key=f"{self.source}:{one.key}",
        )  # fmt: skip

    def finish(self) -> None:
        """Number the parked posts by date, find the faces, bring every counter in line, and let search read
        it all.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            # Tens of thousands of rows the planner has not heard of yet would be joined one by one.
            cursor.execute("ANALYZE forums_thread, forums_post")
            cursor.execute(RENUMBER, {"parked": PARKED})
            if cursor.rowcount:
                cursor.execute(FACES, [f"{self.source}:%"])
        for table, low, high in walk():
            mend(table, low, high)
        for _rows in fill():
            pass
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE forums_threadindex")  # how rare a word is, its statistics say

    def _authors(self, keys: set[str]) -> dict[str, int]:
        found = self.known(Profile, keys | {self.nobody})
        nobody = found.get(self.nobody)
        return {key: pk for key in keys if (pk := found.get(key, nobody))}

    def _tags(self, one: NewThread) -> list[str]:
        return clean_tag_names(list(one.tags)[:TAGS_LIMIT])

    def _taken(self, threads: Sequence[NewThread]) -> set[str]:
        bases = {base_slug(one.subject) for one in threads}
        taken = set(Thread.objects.filter(slug__in=bases).values_list("slug", flat=True))
        return taken | set(ThreadSlug.objects.filter(slug__in=bases).values_list("slug", flat=True))

    def _slug(self, one: NewThread, pk: int, taken: set[str]) -> str:
        base = base_slug(one.subject)
        slug = f"{base}-{pk}" if base in taken or is_reserved(base) else base
        taken.add(slug)
        return slug


RENUMBER = """
WITH busy AS (SELECT DISTINCT thread_id FROM forums_post WHERE number > %(parked)s),
     base AS (SELECT p.thread_id, max(p.number) FILTER (WHERE p.number <= %(parked)s) AS last
              FROM forums_post p JOIN busy USING (thread_id) GROUP BY p.thread_id),
     ranked AS (SELECT p.id, coalesce(base.last, 1)
                  + row_number() OVER (PARTITION BY p.thread_id ORDER BY p.created_at, p.number) AS place
                FROM forums_post p JOIN base USING (thread_id) WHERE p.number > %(parked)s)
UPDATE forums_post p SET number = ranked.place FROM ranked WHERE ranked.id = p.id
"""
FACES = """
UPDATE forums_thread t SET participant_ids = ARRAY[t.author_id] || ARRAY(
    SELECT author_id FROM (SELECT p.author_id, max(p.number) AS latest FROM forums_post p
      WHERE p.thread_id = t.id AND p.number > 1 AND p.author_id <> t.author_id GROUP BY p.author_id ORDER BY 2 DESC LIMIT 4) f),
  last_number = (SELECT max(p.number) FROM forums_post p WHERE p.thread_id = t.id)
WHERE t.import_key LIKE %s AND EXISTS (SELECT 1 FROM forums_post p WHERE p.thread_id = t.id)
"""
