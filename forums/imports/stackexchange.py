"""A Stack Exchange data dump (the XML files of one site), read as a stream."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from forums.imports.writer import BATCH, NewPost, NewThread, Person, Writer, clean, to_html
from forums.models import Post, Revision, Thread, ThreadReference
from profiles.models import Profile

QUESTION, ANSWER = "1", "2"
BODY_HISTORY = ("2", "5", "8")
COMMENTS_FROM = 500_000_000
LINK_KINDS = {"1": "linked", "3": "duplicate"}
NOBODY = "user:0"


class BadRow(ValueError):
    """A row that cannot be taken; its text is the reason counted."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the attributes of each <row>, forgetting it at once: memory does not grow with the file."""
    if not path.exists():
        return
    events = iterparse(path, events=("start", "end"))  # noqa: S314  (no entities are resolved; a local file of the operator's)
    root: Any = None
    try:
        for event, element in events:
            if root is None:
                root = element
            elif event == "end" and element.tag == "row":
                yield dict(element.attrib)
                root.clear()
    except ParseError as error:
        raise BadRow(f"{path.name} is cut short: {error}") from error


def moment(row: dict[str, str], name: str = "CreationDate") -> datetime:
    """Return a date of the dump, which is in UTC. Raises BadRow."""
    try:
        value = parse_datetime(row.get(name, ""))
    except ValueError:
        value = None
    if value is None:
        raise BadRow("no date")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


class StackExchange:
    """Imports one dump. Each step may be run again and goes on where it was."""

    def __init__(self, folder: Path, writer: Writer, topic_slug: str = "") -> None:
        self.folder, self.writer, self.topic_slug = folder, writer, topic_slug

    def steps(self) -> list[tuple[str, str, Callable[[list[dict[str, str]]], None]]]:
        """Return (label, file, what to do with a batch of its rows), in order."""
        return [
            ("People", "Users.xml", self.people),
            ("Questions", "Posts.xml", self.questions),
            ("Posts", "Posts.xml", self.posts),
            ("Comments", "Comments.xml", self.comments),
            ("Sources", "PostHistory.xml", self.history),
            ("Links", "PostLinks.xml", self.links),
            ("Solutions", "Posts.xml", self.solutions),
        ]

    def people(self, batch: list[dict[str, str]]) -> None:
        people = [Person(NOBODY, "Former member", datetime(2000, 1, 1, tzinfo=UTC))]
        for row in batch:
            try:
                people.append(
                    Person(
                        f"user:{row['Id']}",
                        row.get("DisplayName") or "Former member",
                        moment(row),
                        row.get("Location", ""),
                    )
                )
            except (BadRow, KeyError) as error:
                self._skip("people", error)
        self.writer.people(people)

    def questions(self, batch: list[dict[str, str]]) -> None:
        topic = self.writer.topic(
            self.folder.name, self.topic_slug or re.sub(r"[^a-z0-9-]+", "-", self.folder.name.lower())[:80]
        )
        threads = []
        for row in batch:
            kind = row.get("PostTypeId")
            if kind != QUESTION:
                if kind != ANSWER:
                    self.writer.tally.skipped["posts", "neither question nor answer"] += 1
                continue
            self.writer.tally.read["questions"] += 1
            try:
                tags = [tag for tag in re.split(r"[<>|]+", row.get("Tags", "")) if tag]
                threads.append(
                    NewThread(f"post:{row['Id']}", self._owner(row), row.get("Title", ""), moment(row), tags)
                )
            except (BadRow, KeyError) as error:
                self._skip("threads", error)
        self.writer.threads(threads, lambda one: topic)

    def posts(self, batch: list[dict[str, str]]) -> None:
        posts = []
        for row in batch:
            opening = row.get("PostTypeId") == QUESTION
            if not opening and row.get("PostTypeId") != ANSWER:
                continue
            self.writer.tally.read["answers"] += not opening
            try:
                thread = row["Id"] if opening else row["ParentId"]
                posts.append(
                    self._post(
                        row, f"post:{thread}", f"post:{row['Id']}", row.get("Body", ""), opening=opening
                    )
                )
            except (BadRow, KeyError, ValueError) as error:
                self._skip("posts", error)
        self.writer.posts(posts)

    def comments(self, batch: list[dict[str, str]]) -> None:
        here = self._parents([f"post:{row.get('PostId')}" for row in batch])
        posts = []
        for row in batch:
            self.writer.tally.read["comments"] += 1
            try:
                thread = here.get(f"post:{row['PostId']}", "?")
                posts.append(
                    self._post(row, thread, f"comment:{row['Id']}", row.get("Text", ""), is_comment=True)
                )
            except (BadRow, KeyError, ValueError) as error:
                self._skip("comments", error)
        self.writer.posts(posts)

    def history(self, batch: list[dict[str, str]]) -> None:
        """Keep every Markdown version; the newest becomes the post's source."""
        batch = [row for row in batch if row.get("PostHistoryTypeId") in BODY_HISTORY and row.get("Text")]
        posts = self.writer.known(Post, {f"post:{row.get('PostId')}" for row in batch})
        people = self.writer.known(Profile, {f"user:{row.get('UserId', 0)}" for row in batch})
        found = []
        for row in batch:
            post = posts.get(f"post:{row.get('PostId')}")
            if post is None:
                self.writer.tally.skipped["versions", "no post"] += 1
                continue
            try:
                author = people.get(f"user:{row.get('UserId', 0)}")
                found.append(
                    Revision(
                        post_id=post,
                        number=int(row["Id"]),
                        body=clean(row["Text"]),
                        author_id=author,
                        created_at=moment(row),
                    )
                )
            except (BadRow, ValueError) as error:
                self._skip("versions", error)
        # A version's number is its id in the dump until all are there; `tidy` numbers them from 1.
        done = set(
            Post.objects.filter(pk__in=[one.post_id for one in found], body_format="md").values_list(
                "pk", flat=True
            )
        )
        fresh = [one for one in found if one.post_id not in done]
        made = Revision.objects.bulk_create(fresh, ignore_conflicts=True)
        self.writer.tally.written["versions"] += len(made)

    def links(self, batch: list[dict[str, str]]) -> None:
        keys = {f"post:{row.get(name)}" for row in batch for name in ("PostId", "RelatedPostId")}
        threads = self.writer.known(Thread, keys)
        openings = dict(
            Post.objects.filter(thread__in=threads.values(), number=1).values_list("thread_id", "pk")
        )
        rows_ = []
        for row in batch:
            source, target = (
                threads.get(f"post:{row.get('PostId')}"),
                threads.get(f"post:{row.get('RelatedPostId')}"),
            )
            if source in openings and target and row.get("LinkTypeId") in LINK_KINDS:
                rows_.append(
                    ThreadReference(
                        post_id=openings[source], thread_id=target, kind=LINK_KINDS[row["LinkTypeId"]]
                    )
                )
            else:
                self.writer.tally.skipped["links", "not between two questions here"] += 1
        before = ThreadReference.objects.count()
        ThreadReference.objects.bulk_create(rows_, ignore_conflicts=True)
        self.writer.tally.written["links"] += ThreadReference.objects.count() - before

    def solutions(self, batch: list[dict[str, str]]) -> None:
        chosen = {
            f"post:{row['Id']}": f"post:{row['AcceptedAnswerId']}"
            for row in batch
            if row.get("AcceptedAnswerId") and row.get("Id")
        }
        threads, posts = self.writer.known(Thread, chosen), self.writer.known(Post, chosen.values())
        for question, answer in chosen.items():
            thread, post = threads.get(question), posts.get(answer)
            if thread is None or post is None:
                self.writer.tally.skipped["solutions", "no such answer"] += 1
                continue
            solved_at = (
                Post.objects.filter(pk=post, thread=thread).values_list("created_at", flat=True).first()
            )
            changed = solved_at and Thread.objects.filter(pk=thread, solution=None).update(
                solution=post, solved_at=solved_at
            )
            self.writer.tally.written["solutions"] += int(changed or 0)

    def tidy(self) -> None:
        """Make the newest version each post's source, render it, and number the older ones."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT p.id FROM forums_post p WHERE p.import_key LIKE %s AND p.body_format = 'html' AND NOT p.is_comment
                   AND EXISTS (SELECT 1 FROM forums_revision r WHERE r.post_id = p.id) ORDER BY p.id""",
                [f"{self.writer.source}:post:%"],
            )
            ids = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), BATCH):
            self._tidy(ids[start : start + BATCH])

    @transaction.atomic
    def _tidy(self, ids: list[int]) -> None:
        newest = {
            one.post_id: one for one in Revision.objects.filter(post__in=ids).order_by("created_at", "number")
        }
        posts = list(Post.objects.filter(pk__in=ids).only("id", "body"))
        rendered = self.writer.pool.map(
            to_html, [(newest[post.pk].body, False) for post in posts], chunksize=50
        )
        for post, (page, trouble) in zip(posts, rendered, strict=True):
            post.body, post.body_html, post.body_format = newest[post.pk].body, page, "md"
            if trouble:
                self.writer.tally.skipped["bodies", trouble] += 1
        Post.objects.bulk_update(posts, ["body", "body_html", "body_format"], batch_size=200)
        Revision.objects.filter(pk__in=[one.pk for one in newest.values()]).delete()
        with connection.cursor() as cursor:
            cursor.execute(
                """WITH ranked AS (SELECT id, row_number() OVER (PARTITION BY post_id ORDER BY created_at, number) AS place
                     FROM forums_revision WHERE post_id = ANY(%s))
                   UPDATE forums_revision r SET number = 1000000000 + ranked.place FROM ranked WHERE ranked.id = r.id""",
                [ids],
            )
            cursor.execute(
                "UPDATE forums_revision SET number = number - 1000000000 WHERE post_id = ANY(%s) AND number > 1000000000",
                [ids],
            )
            cursor.execute(
                """UPDATE forums_post p SET edited_at = x.at FROM (SELECT post_id, max(created_at) AS at FROM forums_revision
                   WHERE post_id = ANY(%s) GROUP BY post_id) x WHERE p.id = x.post_id AND p.edited_at IS NULL""",
                [ids],
            )

    def _post(
        self,
        row: dict[str, str],
        thread: str,
        key: str,
        body: str,
        *,
        opening: bool = False,
        is_comment: bool = False,
    ) -> NewPost:
        parked = int(row["Id"]) + (COMMENTS_FROM if is_comment else 0)
        author = f"user:{row['UserId']}" if row.get("UserId") else self._owner(row)
        return NewPost(
            key,
            thread,
            author,
            body,
            not is_comment,
            moment(row),
            parked,
            opening,
            int(row.get("Score") or 0),
            is_comment,
        )

    def _owner(self, row: dict[str, str]) -> str:
        return f"user:{row['OwnerUserId']}" if row.get("OwnerUserId") else NOBODY

    def _parents(self, keys: list[str]) -> dict[str, str]:
        source = self.writer.source
        found = Post.objects.filter(import_key__in=[f"{source}:{key}" for key in keys]).values_list(
            "import_key", "thread__import_key"
        )
        return {key[len(source) + 1 :]: thread[len(source) + 1 :] for key, thread in found if key and thread}

    def _skip(self, kind: str, error: Exception) -> None:
        self.writer.tally.skipped[
            kind, str(error) if isinstance(error, BadRow) else "a field is missing or broken"
        ] += 1
