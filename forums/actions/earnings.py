"""What posts earn their authors, in the transaction of what happens to the post.

Called after the counters: thread, post, topics, tags and profiles are locked by then, wallets follow, the log
comes last. A thread that is hidden or deleted takes nothing from those who replied in good faith: what is
wrong with a reply is said of the reply. Imports write posts without these actions, so they never earn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from django.db import transaction

from forums import counters
from forums.models import Post, Thread
from points.actions.ledger import earn, lock_people, restore, reverse
from points.models import Kind, Transaction
from profiles.models import Profile

BATCH = 200


def earn_for_reply(post: Post, thread: Thread) -> None:
    """Pay a new reply to somebody else's thread."""
    if post.author_id != thread.author_id and not post.author.is_bot:
        earn(
            post.author_id,
            Kind.REPLY,
            cause=_cause(Kind.REPLY, post.pk),
            actor_id=post.author_id,
            **_about(post, thread),
        )


def earn_for_solution(thread: Thread, old: Post | None, new: Post | None, *, actor: Profile | None) -> None:
    """Take the points from the old solution's author and give them to the new one's; nothing for one's own
    thread.
    """
    actor_id = actor.pk if actor else None
    moved = [post for post in (old, new) if post is not None and post.author_id != thread.author_id]
    lock_people({post.author_id for post in moved})
    for post in sorted(moved, key=lambda one: one.author_id):
        if post is not new:
            reverse(_cause(Kind.SOLUTION, post.pk), actor_id=actor_id)
        elif not post.author.is_bot and earns(post.author):
            earn(
                post.author_id,
                Kind.SOLUTION,
                cause=_cause(Kind.SOLUTION, post.pk),
                actor_id=actor_id,
                **_about(post, thread),
            )


def settle_earnings(post: Post, thread: Thread, *, actor: Profile | None) -> None:
    """Bring what a post earned in line with whether it counts: taken back while hidden or deleted, given back
    when shown.
    """
    actor_id = actor.pk if actor else None
    in_force = counters.counts(post) and earns(post.author)
    wanted = {
        Kind.REPLY: in_force,
        Kind.SOLUTION: in_force and post.pk in (thread.solution_id, thread.kept_solution_id),
    }
    for kind, paid in wanted.items():
        (restore if paid else reverse)(_cause(kind, post.pk), actor_id=actor_id)


def settle_earnings_of(author: Profile, *, actor: Profile | None) -> int:
    """Bring everything an author's posts earned in line, after a ban or its end; each post in its own
    transaction.

    Returns how many posts were looked at. Safe to run twice, and to run again after it was cut short.
    """
    looked_at = 0
    for post_id in _posts_that_earned(author):
        with transaction.atomic():
            threads = Thread.objects.select_for_update(of=("self",))
            if (thread := threads.filter(posts=post_id).first()) is None:
                continue
            settle_earnings(Post.objects.select_related("author").get(pk=post_id), thread, actor=actor)
        looked_at += 1
    return looked_at


def earns(author: Profile) -> bool:
    """Say whether the author's posts earn at present: not while banned or closed."""
    return author.deactivated_at is None and (author.user is None or author.user.is_active)


def _posts_that_earned(author: Profile) -> Iterator[int]:
    """Yield the ids of posts the ledger paid the author for, in the order they were paid."""
    last = 0
    booked = Transaction.objects.filter(
        wallet__profile=author, kind__in=[Kind.REPLY, Kind.SOLUTION], amount__gt=0
    )
    while rows := list(booked.filter(pk__gt=last).order_by("pk").values_list("pk", "source_key")[:BATCH]):
        for last, source_key in rows:  # noqa: B007 - where the next batch begins
            yield int(source_key.removeprefix("post:"))


def _cause(kind: str, post_id: int) -> str:
    return f"{kind}:post:{post_id}"


class _About(TypedDict):
    source_key: str
    title: str
    url: str


def _about(post: Post, thread: Thread) -> _About:
    return {
        "source_key": f"post:{post.pk}",
        "title": thread.subject,
        "url": f"/questions/{thread.slug}/#{post.anchor}",
    }
