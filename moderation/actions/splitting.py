"""Move replies to a new thread or to another one, and put them back.

A thread never gives a number twice, so the numbers of moved replies stay free for the way back. Replies
written since stay: in the old thread at their numbers; when a new thread is undone, at the end of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib.errors import Conflict
from forums import counters
from forums.actions.changing import SOLUTION_FIELDS, Change, locked, outdate
from forums.actions.earnings import settle_earnings
from forums.actions.threads import clean_subject, insert_thread
from forums.announcements import announce_post
from forums.indexing import index_threads
from forums.models import Post, ReplyMove, Thread, ThreadRead, ThreadSlug, ThreadSubscription, Topic
from forums.notifications import notify_decision
from forums.permissions import refuse_if
from moderation.actions.threads import require_moderation
from moderation.models import Merge
from moderation.queries.targets import reachable_posts
from profiles.models import Profile
from profiles.permissions import why_not_reverse

MOVE_LIMIT = 500
PLACE = """UPDATE forums_post p SET thread_id = %s, number = given.number
    FROM unnest(%s::bigint[], %s::int[]) AS given (id, number) WHERE p.id = given.id"""
FOLLOW = """INSERT INTO forums_threadsubscription (thread_id, profile_id, created_at)
    SELECT %(into)s, s.profile_id, now() FROM forums_threadsubscription s
    WHERE s.thread_id = %(source)s AND s.muted_at IS NULL AND s.profile_id = ANY(%(authors)s)
    ORDER BY s.id ON CONFLICT DO NOTHING RETURNING id"""
READ = """INSERT INTO forums_threadread (profile_id, thread_id, number, read_at)
    SELECT r.profile_id, %(into)s, %(last)s, r.read_at FROM forums_threadread r
    WHERE r.thread_id = %(source)s AND r.number >= %(newest)s ON CONFLICT DO NOTHING"""


def split_replies(
    actor: Profile | None,
    posts: Sequence[Post],
    *,
    subject: str,
    topic: Topic | None = None,
    onward: bool = False,
    reason: str = "",
) -> Thread:
    """Make a new thread of replies; the first of them opens it. `onward`: with every reply after the first.

    Raises PermissionDenied, ValidationError, Conflict.
    """
    actor = require_moderation(actor)
    subject = clean_subject(subject)
    with transaction.atomic():
        source = _locked(_source_of(posts))[0]
        chosen = _chosen(actor, source, posts, onward=onward)
        first = chosen[0]
        if not counters.counts(first):
            raise PermissionDenied(
                _("The first of the replies opens the new thread, so it has to be visible.")
            )
        topic = topic or source.topic
        into = insert_thread(
            Thread(
                topic=topic, author=first.author, subject=subject, created_at=first.created_at,
                is_question=topic.solutions_enabled,
            )
        )  # fmt: skip
        move = _move(actor, source, into, chosen, is_split=True)
        with connection.cursor() as cursor:
            newest = {
                "into": into.pk,
                "source": source.pk,
                "newest": move.numbers[-1],
                "last": into.last_number,
            }
            cursor.execute(READ, newest)
        _note(actor, "post.split", move, source, into, chosen, reason)
        first.thread = into
        announce_post(first)
    return into


def move_replies(
    actor: Profile | None, posts: Sequence[Post], *, into: Thread, onward: bool = False, reason: str = ""
) -> Thread:
    """Move replies to the end of another thread. `onward`: with every reply after the first.

    Raises PermissionDenied, ValidationError, Conflict.
    """
    actor = require_moderation(actor)
    with transaction.atomic():
        source_id = _source_of(posts)
        if source_id == into.pk:
            raise ValidationError(
                {"into": _("The replies are in this thread already. Choose another thread.")}
            )
        source, into = _locked(source_id, into.pk)
        if not counters.is_listed(into) or into.held_at:
            raise ValidationError({"into": _("Choose a thread that everyone can see and reply to.")})
        chosen = _chosen(actor, source, posts, onward=onward)
        move = _move(actor, source, into, chosen, is_split=False)
        _note(actor, "post.moved", move, source, into, chosen, reason)
    return into


def put_back(actor: Profile | None, post: Post, *, reason: str = "") -> Thread:
    """Undo the move whose first reply is `post`. Raises PermissionDenied, Conflict."""
    actor = require_moderation(actor)
    with transaction.atomic():
        found = ReplyMove.objects.filter(first_post=post, undone_at=None).order_by("-id").first()
        if found is None or found.into_id is None:
            raise Conflict(_("This can no longer be undone: it was changed or undone since."))
        source, into = _locked(found.source_id, found.into_id)
        move = ReplyMove.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if move.undone_at or not into.posts.filter(pk=post.pk).exists():
            raise Conflict(_("This can no longer be undone: it was changed or undone since."))
        refuse_if(why_not_reverse(actor, move.made_by))
        _refuse_put_back(move, into)
        numbers = dict(zip(move.post_ids, move.numbers, strict=True))
        here = list(_posts(into).filter(**({} if move.is_split else {"pk__in": move.post_ids})))
        last = source.last_number
        for late in (one for one in here if one.pk not in numbers):
            numbers[late.pk] = last = last + 1
        move.undone_at = timezone.now()
        move.save(update_fields=["undone_at"])
        change, before, into_before = Change(), counters.listing_state(source), counters.listing_state(into)
        taken = _take_solution(change, into, here)[0]
        _place(source, {one.pk: numbers[one.pk] for one in here})
        source.last_number = last
        if move.is_split:
            change.count(into.author_id, thread_count=-1, reply_count=int(counters.counts(here[0])))
            _drop(into, source)
        else:
            _leave(move, into)
        _give_solution(change, source, move, here)
        _recount(source)
        into_after = None if move.is_split else counters.listing_state(into)
        _settle(change, (before, counters.listing_state(source)), (into_before, into_after))
        for one in filter(None, (taken, move.solution)):
            settle_earnings(one, source, actor=actor)
        record(
            "post.moved-back", actor_id=actor.pk, target=f"post:{post.pk}", before={"thread": into.pk},
            after={"thread": source.pk}, reason=reason, title=source.subject,
        )  # fmt: skip
        for author_post in _first_of_each(here):
            author_post.thread = source
            notify_decision(actor, "post.moved-back", source, author_post, reason=reason)
        outdate(source, into.slug)
    return source


def _source_of(posts: Sequence[Post]) -> int:
    if len({post.thread_id for post in posts}) != 1:
        raise ValidationError({"posts": _("Choose replies of one thread.")})
    return posts[0].thread_id


def _locked(*thread_ids: int) -> list[Thread]:
    """Lock threads in order of id, so that two moves never deadlock. Raises Http404."""
    found = {pk: locked(pk) for pk in sorted(thread_ids)}
    return [found[pk] for pk in thread_ids]


def _posts(thread: Thread) -> Any:
    return (
        Post.objects.select_for_update(of=("self",))
        .select_related("author")
        .filter(thread=thread)
        .order_by("number")
    )


def _chosen(actor: Profile, source: Thread, posts: Sequence[Post], *, onward: bool) -> list[Post]:
    """Return the replies to move, locked and in order. Raises Conflict if one of `posts` is not there any more."""
    if (
        source.private_at
        or source.hidden_at
        or source.deleted_at
        or source.merged_into_id
        or source.archived_at
    ):
        raise PermissionDenied(_("Only replies of a thread that everyone can see can be moved."))
    ids = {post.pk for post in posts}
    reach = reachable_posts(actor).filter(thread=source).values("pk")
    wanted = Q(pk__in=ids)
    if onward:
        first = source.posts.filter(pk__in=ids).order_by("number").values_list("number", flat=True).first()
        wanted |= Q(number__gte=first or 0)
    chosen = list(_posts(source).filter(wanted, pk__in=reach)[: MOVE_LIMIT + 1])
    if not ids <= {post.pk for post in chosen}:
        raise Conflict(
            _("Some of these replies are no longer in this thread. Reload the page and choose again.")
        )
    if chosen[0].number == 1:
        raise PermissionDenied(_("The first post stays with its thread. Choose replies only."))
    if len(chosen) > MOVE_LIMIT:
        raise ValidationError({"posts": _("Move at most %(limit)d replies at once.") % {"limit": MOVE_LIMIT}})
    return chosen


def _move(
    actor: Profile, source: Thread, into: Thread, posts: Sequence[Post], *, is_split: bool
) -> ReplyMove:
    change, before = Change(), counters.listing_state(source)
    into_before = None if is_split else counters.listing_state(into)
    solution, solved_at, solved_by_id = _take_solution(change, source, posts)
    last = 0 if is_split else into.last_number
    move = ReplyMove.objects.create(
        source=source, into=into, first_post=posts[0], is_split=is_split, made_by=actor, last_number=last,
        post_ids=[post.pk for post in posts], numbers=[post.number for post in posts],
        solution=solution, solved_at=solved_at, solved_by_id=solved_by_id,
    )  # fmt: skip
    _place(into, {post.pk: number for number, post in enumerate(posts, last + 1)})
    into.last_number = last + len(posts)
    _recount(source)
    _recount(into)
    if is_split:
        change.count(into.author_id, thread_count=1, reply_count=-1)
    _settle(change, (before, counters.listing_state(source)), (into_before, counters.listing_state(into)))
    if solution is not None:
        settle_earnings(solution, source, actor=actor)
    with connection.cursor() as cursor:
        authors = [post.author_id for post in posts]
        cursor.execute(FOLLOW, {"into": into.pk, "source": source.pk, "authors": authors})
        move.subscription_ids = [pk for (pk,) in cursor.fetchall()]
    move.save(update_fields=["subscription_ids"])
    return move


def _place(thread: Thread, numbers: dict[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [thread.pk, list(numbers), list(numbers.values())])


def _recount(thread: Thread) -> None:
    thread.save(update_fields=[*counters.remeasure(thread), "last_number", *SOLUTION_FIELDS])
    index_threads([thread])


State = counters.ListingState | None


def _settle(change: Change, *moves: tuple[State, State]) -> None:
    """Move the counters of topics, then of profiles, each kind in order of id."""
    topic_ids = {state.topic_id for move in moves for state in move if state}
    list(Topic.objects.select_for_update().filter(pk__in=topic_ids).order_by("pk").values_list("pk"))
    for before, after in moves:
        counters.move_counters(before, after)
    for profile_id in sorted(change.authors):
        counters.count_for_author(profile_id, change.authors[profile_id])


def _take_solution(
    change: Change, thread: Thread, posts: Iterable[Post]
) -> tuple[Post | None, datetime | None, int | None]:
    """Remove the mark of a solution among `posts`. Returns the solution, when and by whom it was marked."""
    solution_id = thread.solution_id or thread.kept_solution_id
    solution = next((post for post in posts if post.pk == solution_id), None)
    if solution is None:
        return None, None, None
    marked = solution, thread.solved_at, thread.solved_by_id
    thread.solution = thread.kept_solution = thread.solved_at = thread.solved_by = None
    if solution.author_id != thread.author_id:
        change.count(solution.author_id, solution_count=-1)
    return marked


def _give_solution(change: Change, thread: Thread, move: ReplyMove, posts: Iterable[Post]) -> None:
    """Mark the solution again that a move unmarked, unless there is another now or it is hidden."""
    solution = next((post for post in posts if post.pk == move.solution_id), None)
    if solution is None or not counters.counts(solution) or thread.solution_id or thread.kept_solution_id:
        return
    setattr(thread, "solution" if thread.is_question else "kept_solution", solution)
    thread.solved_at, thread.solved_by_id = move.solved_at, move.solved_by_id
    if solution.author_id != thread.author_id:
        change.count(solution.author_id, solution_count=1)


def _refuse_put_back(move: ReplyMove, into: Thread) -> None:
    """A new thread that others were moved or merged into, or from, is more than its replies."""
    if not move.is_split:
        return
    if not counters.counts(into):
        raise Conflict(_("The new thread is not visible. Unhide or restore it first."))
    moved = ReplyMove.objects.filter(Q(source=into) | Q(into=into), undone_at=None).exclude(pk=move.pk)
    merged = Merge.objects.filter(Q(source=into) | Q(into=into), undone_at=None)
    if moved.exists() or merged.exists():
        raise Conflict(_("Other threads were merged or replies moved here since. Undo that first."))


def _drop(into: Thread, source: Thread) -> None:
    """Remove the new thread, which has no posts any more; its links lead to `source`."""
    outdate(into)
    ThreadSlug.objects.filter(thread=into).update(thread=source)
    slug = into.slug
    ReplyMove.objects.filter(into=into).update(into=None)
    Thread.objects.get(pk=into.pk).delete()
    ThreadSlug.objects.update_or_create(slug=slug, defaults={"thread": source})


def _leave(move: ReplyMove, into: Thread) -> None:
    """Bring the thread in line that the replies leave. If nothing came since, its numbers go on as before."""
    if not into.posts.filter(number__gt=move.last_number).exists():
        into.last_number = move.last_number
        read = ThreadRead.objects.filter(thread=into, number__gt=move.last_number)
        read.update(number=move.last_number)
    ThreadSubscription.objects.filter(pk__in=move.subscription_ids, thread=into).delete()
    _recount(into)
    outdate(into)


def _note(
    actor: Profile,
    action: str,
    move: ReplyMove,
    source: Thread,
    into: Thread,
    posts: Sequence[Post],
    reason: str,
) -> None:
    record(
        action, actor_id=actor.pk, target=f"post:{move.first_post_id}",
        before={"thread": source.pk}, after={"thread": into.pk, "posts": move.post_ids},
        reason=reason, title=into.subject,
    )  # fmt: skip
    for number, post in enumerate(posts, move.last_number + 1):
        post.thread, post.number = into, number
    for post in _first_of_each(posts):
        notify_decision(actor, action, into, post, reason=reason)
    outdate(source)
    outdate(into)


def _first_of_each(posts: Iterable[Post]) -> list[Post]:
    """Return the first post of each author."""
    return list({post.author_id: post for post in reversed(list(posts))}.values())
