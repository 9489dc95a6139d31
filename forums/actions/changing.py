"""Change a thread or its posts: counters, search words, points and kept pages follow.

Locking contract: lock the thread row first (`locked`), or the thread and then one of its posts
(`locked_post`). Leaving `changing` locks topics, tags and profiles, each kind in order of id, then wallets.
Write the log after the block, so that two actions never wait for each other in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.http import Http404

from community import pagecache
from forums.actions.earnings import settle_earnings
from forums.actions.relating import pages_relating
from forums.counters import (
    ListingState,
    count_for_author,
    counts,
    listing_state,
    move_counters,
    remeasure,
)
from forums.indexing import index_posts, index_threads
from forums.models import Post, Thread
from profiles.models import Profile

SOLUTION_FIELDS = ("solution", "kept_solution", "solved_at", "solved_by")


@dataclass
class Change:
    """What else moves when the block ends: `authors` are public counters by profile id."""

    authors: dict[int, Counter[str]] = field(default_factory=dict)

    def count(self, profile_id: int, **by: int) -> None:
        """Move a profile's `thread_count`, `reply_count` or `solution_count`."""
        self.authors.setdefault(profile_id, Counter()).update(by)


@dataclass(frozen=True)
class _Facts:
    """What a thread is before or after a change. None of it for a thread that is new."""

    listing: ListingState | None = None
    counts: bool = False
    slug: str = ""
    words: tuple[object, ...] = ()
    solution_id: int | None = None


def locked(thread_id: int) -> Thread:
    """Lock the thread row until the transaction ends and return it. Raises Http404 when it is gone."""
    threads = Thread.objects.select_for_update(of=("self",)).select_related("topic")
    if (thread := threads.filter(pk=thread_id).first()) is None:
        raise Http404
    return thread


def locked_post(post: Post) -> Post:
    """Lock the post's thread, then the post, and return the post with its `thread` as they are now."""
    thread = locked(post.thread_id)
    post = Post.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)
    post.thread = thread
    return post


@contextmanager
def changing(
    thread: Thread, *posts: Post, actor: Profile | None = None, new: bool = False
) -> Iterator[Change]:
    """Change and save a locked thread and `posts` of it inside the block; what depends on them is brought in
    line after it.

    A reply that was hidden, shown or deleted is counted anew, its points follow, and one that no longer
    counts stops being the solution. `new`: the thread was inserted a moment ago.
    """
    before = _Facts() if new else _facts(thread)
    posts_before = [(counts(post), post.body_html) for post in posts]
    change = Change()
    yield change
    moved = [
        post
        for post, (counted, _html) in zip(posts, posts_before, strict=True)
        if post.number > 1 and counts(post) != counted
    ]
    rewritten = [
        post for post, (_counted, html) in zip(posts, posts_before, strict=True) if post.body_html != html
    ]
    if moved:
        _recount(thread, moved)
    index_posts(rewritten)
    after = _facts(thread)
    if moved or rewritten or after.words != before.words:
        index_threads([thread])
    move_counters(before.listing, after.listing)
    for post in moved:
        change.count(post.author_id, reply_count=1 if counts(post) else -1)
    change.count(thread.author_id, thread_count=int(after.counts) - int(before.counts))
    _count_solutions(change, thread, before.solution_id, after.solution_id)
    for profile_id in sorted(change.authors):
        count_for_author(profile_id, change.authors[profile_id])
    for post in moved:
        settle_earnings(post, thread, actor=actor)
    outdate(thread, *([before.slug] if before.slug else []), related=_related_differ(before, after))


def outdate(thread: Thread, *old_slugs: str, related: bool = True) -> None:
    """Outdate every kept page that shows the thread, with `related` also as one like another."""
    slugs = {thread.slug, *old_slugs, *(pages_relating(thread.pk) if related else ())}
    pagecache.bump(pagecache.LISTS, *(pagecache.thread_part(slug) for slug in slugs))


def _facts(thread: Thread) -> _Facts:
    return _Facts(
        listing_state(thread),
        counts(thread),
        thread.slug,
        (thread.subject, tuple(thread.tag_names), thread.solution_id),
        thread.solution_id or thread.kept_solution_id,
    )


def _related_differ(before: _Facts, after: _Facts) -> bool:
    return bool(before.slug) and (before.listing, before.slug, before.words) != (
        after.listing,
        after.slug,
        after.words,
    )


def _recount(thread: Thread, moved: list[Post]) -> None:
    fields = remeasure(thread)
    if any(not counts(post) and post.pk in (thread.solution_id, thread.kept_solution_id) for post in moved):
        for name in SOLUTION_FIELDS:
            setattr(thread, name, None)
        fields += SOLUTION_FIELDS
    thread.save(update_fields=fields)


def _count_solutions(change: Change, thread: Thread, before: int | None, after: int | None) -> None:
    """Solutions count for helpers, not for the asker."""
    if before == after:
        return
    authors = dict(Post.objects.filter(pk__in={before, after} - {None}).values_list("pk", "author_id"))
    for post_id, by in ((before, -1), (after, 1)):
        if post_id and authors[post_id] != thread.author_id:
            change.count(authors[post_id], solution_count=by)
