"""A Discourse community as its own `/t/<id>.json` answers: a folder of files, or a tar archive, read as a
stream.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime

from forums.imports.writer import NewPost, NewThread, Person, Writer
from forums.models import Post, Thread

REGULAR = 1
POST_TYPES = {2: "moderator action", 3: "small action", 4: "whisper"}
LIKE = 2  # id of the like in actions_summary
Topic = dict[str, Any]


class BadTopic(ValueError):
    """A file that is no topic; its text is the reason counted."""


def topics(source: Path) -> Iterator[Topic | str]:
    """Yield each topic's JSON, or the reason why a file is none."""
    if source.is_dir():
        for path in sorted(source.rglob("*.json")):
            yield _parse(path.read_bytes())
        return
    with tarfile.open(source, "r|*") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".json"):
                file = archive.extractfile(member)
                yield _parse(file.read()) if file else "unreadable file"


def _parse(raw: bytes) -> Topic | str:
    try:
        topic = json.loads(raw)
    except (ValueError, RecursionError):
        return "not JSON"
    if (
        not isinstance(topic, dict)
        or not isinstance(topic.get("id"), int)
        or not isinstance(topic.get("post_stream"), dict)
    ):
        return "not a topic"
    return topic


class Discourse:
    """Imports topics in batches."""

    def __init__(self, writer: Writer, topic_slug: str = "") -> None:
        self.writer, self.topic_slug = writer, topic_slug

    def take(self, batch: list[Topic | str]) -> None:
        """Write a batch of topics with their people, posts and solutions."""
        tally, good = self.writer.tally, []
        for topic in batch:
            tally.read["threads"] += 1
            if isinstance(topic, str):
                tally.skipped["threads", topic] += 1
            else:
                good.append(topic)
        people: dict[str, Person] = {}
        threads, posts, solved = [], [], {}
        for topic in good:
            stream = [post for post in topic["post_stream"].get("posts", []) if isinstance(post, dict)]
            taken = [post for post in stream if self._is_taken(post)]
            if not taken:
                tally.skipped["threads", "no regular post"] += 1
                continue
            for post in taken:
                people.setdefault(self._author(post), self._person(post))
            threads.append(self._thread(topic, taken[0]))
            posts += [self._post(topic, post, opening=post is taken[0]) for post in taken]
            chosen = next((post for post in taken[1:] if post.get("accepted_answer")), None)
            if chosen is not None:
                solved[f"topic:{topic['id']}"] = f"post:{chosen['id']}"
        self.writer.people(list(people.values()))
        categories = {
            f"topic:{topic['id']}": str(topic.get("category_id") or "uncategorised") for topic in good
        }
        self.writer.threads(threads, lambda one: self._topic(categories[one.key]))
        self.writer.posts(posts)
        self._solutions(solved)
        self._states(good)

    def _is_taken(self, post: dict[str, Any]) -> bool:
        self.writer.tally.read["posts"] += 1
        kind = post.get("post_type", REGULAR)
        reason = ""
        if kind != REGULAR:
            reason = POST_TYPES.get(kind, "unknown kind of post")
        elif (
            not isinstance(post.get("id"), int)
            or not isinstance(post.get("cooked"), str)
            or _moment(post) is None
        ):
            reason = "a field is missing or broken"
        elif not post["cooked"].strip():
            reason = "empty"
        if reason:
            self.writer.tally.skipped["posts", reason] += 1
        return not reason

    def _author(self, post: dict[str, Any]) -> str:
        return f"user:{post.get('user_id') or post.get('username') or 0}"

    def _person(self, post: dict[str, Any]) -> Person:
        name = str(post.get("name") or post.get("username") or "Former member")
        created = _moment(post)
        assert created is not None
        return Person(self._author(post), name, created)

    def _thread(self, topic: Topic, first: dict[str, Any]) -> NewThread:
        created = _moment(first)
        assert created is not None
        tags = [
            tag if isinstance(tag, str) else str(tag.get("name", ""))
            for tag in topic.get("tags") or []
            if isinstance(tag, str | dict)
        ]
        return NewThread(
            f"topic:{topic['id']}", self._author(first), str(topic.get("title") or "Untitled"), created, tags
        )

    def _post(self, topic: Topic, post: dict[str, Any], *, opening: bool) -> NewPost:
        likes = sum(
            int(one.get("count") or 0) for one in post.get("actions_summary") or [] if one.get("id") == LIKE
        )
        created = _moment(post)
        assert created is not None
        return NewPost(
            f"post:{post['id']}", f"topic:{topic['id']}", self._author(post), post["cooked"], True, created,
            int(post.get("post_number") or 1) if int(post.get("post_number") or 1) < 100_000 else 1, opening, likes,
        )  # fmt: skip

    def _topic(self, category: str) -> Any:
        if self.topic_slug:
            return self.writer.topic(self.topic_slug, self.topic_slug)
        return self.writer.topic(f"Category {category}", f"category-{category}")

    def _solutions(self, solved: dict[str, str]) -> None:
        threads, posts = self.writer.known(Thread, solved), self.writer.known(Post, solved.values())
        for key, answer in solved.items():
            if key in threads and answer in posts:
                at = (
                    Post.objects.filter(pk=posts[answer], thread=threads[key])
                    .values_list("created_at", flat=True)
                    .first()
                )
                done = at and Thread.objects.filter(pk=threads[key], solution=None).update(
                    solution=posts[answer], solved_at=at
                )
                self.writer.tally.written["solutions"] += int(done or 0)

    def _states(self, good: list[Topic]) -> None:
        """Closed topics are locked, archived ones archived, as of their last word."""
        for field, word in (("locked_at", "closed"), ("archived_at", "archived")):
            keys = [f"{self.writer.source}:topic:{topic['id']}" for topic in good if topic.get(word)]
            for thread in Thread.objects.filter(import_key__in=keys, **{field: None}).only(
                "id", "last_activity_at"
            ):
                Thread.objects.filter(pk=thread.pk).update(**{field: thread.last_activity_at})


def _moment(post: dict[str, Any]) -> datetime | None:
    try:
        value = parse_datetime(str(post.get("created_at")))
    except ValueError:
        return None
    return value if value is not None and value.tzinfo is not None else None
