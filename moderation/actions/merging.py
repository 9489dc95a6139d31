"""Merge a duplicate into the thread that stays, and undo it without a trace.

Nothing of the duplicate is moved: its page leads to the other thread, and its votes, subscriptions and "I have this too" are
copied there for everybody who had not given them already. Undoing deletes the copies, so every row is what it was.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from forums import counters
from forums.actions.changing import changing, locked
from forums.models import MeToo, Post, Thread, ThreadSubscription, Vote
from forums.notifications import notify_decision
from forums.permissions import refuse_if
from moderation.actions.threads import require_moderation
from moderation.models import Merge
from profiles.models import Profile
from profiles.permissions import why_not_reverse

COPIES = {
    "vote_ids": """INSERT INTO forums_vote (post_id, profile_id, created_at)
        SELECT %(post)s, v.profile_id, v.created_at FROM forums_vote v
        JOIN forums_post p ON p.id = v.post_id AND p.thread_id = %(source)s AND p.number = 1
        WHERE v.profile_id <> %(author)s ORDER BY v.id ON CONFLICT DO NOTHING RETURNING id""",
    "subscription_ids": """INSERT INTO forums_threadsubscription (thread_id, profile_id, created_at)
        SELECT %(into)s, s.profile_id, s.created_at FROM forums_threadsubscription s
        WHERE s.thread_id = %(source)s AND s.muted_at IS NULL ORDER BY s.id ON CONFLICT DO NOTHING RETURNING id""",
    "me_too_ids": """INSERT INTO forums_metoo (thread_id, profile_id, created_at)
        SELECT %(into)s, m.profile_id, m.created_at FROM forums_metoo m
        WHERE m.thread_id = %(source)s AND m.profile_id <> %(author)s ORDER BY m.id ON CONFLICT DO NOTHING RETURNING id""",
}


def merge_thread(actor: Profile | None, thread: Thread, *, into: Thread, reason: str = "") -> Thread:
    """Make `thread` lead to `into`. Raises PermissionDenied, or ValidationError({"into": sentence}). Returns the duplicate."""
    require_moderation(actor)
    assert actor is not None
    if thread.pk == into.pk:
        raise ValidationError({"into": _("A thread cannot be merged into itself. Choose another.")})
    with transaction.atomic():
        thread, into = _locked(thread, into)
        if thread.merged_into_id == into.pk:
            return thread
        _refuse(thread, into)
        with changing(thread):
            thread.merged_into = into
            thread.save(update_fields=["merged_into"])
        merge = Merge.objects.create(source=thread, into=into, made_by=actor)
        _copy(merge, into)
        record(
            "thread.merged", actor_id=actor.pk, target=f"thread:{thread.pk}", before={"merged_into": None},
            after={"merged_into": into.pk}, reason=reason,
        )  # fmt: skip
        notify_decision(actor, "thread.merged", thread, reason=reason)
        pagecache.bump(pagecache.thread_part(into.slug))
    return thread


def unmerge_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `merge_thread`: both threads are as they were, and keep what people did since."""
    require_moderation(actor)
    assert actor is not None
    into_id = Thread.objects.filter(pk=thread.pk).values_list("merged_into", flat=True).first()
    if into_id is None:
        return thread
    with transaction.atomic():
        thread, into = _locked(thread, Thread(pk=into_id))
        merge = Merge.objects.select_for_update().filter(source=thread, into=into, undone_at=None).first()
        if thread.merged_into_id != into.pk or merge is None:
            return thread
        refuse_if(why_not_reverse(actor, merge.made_by))
        _take_back(merge, into)
        with changing(thread):
            thread.merged_into = None
            thread.save(update_fields=["merged_into"])
        record(
            "thread.unmerged", actor_id=actor.pk, target=f"thread:{thread.pk}", before={"merged_into": into.pk},
            after={"merged_into": None}, reason=reason,
        )  # fmt: skip
        notify_decision(actor, "thread.unmerged", thread, reason=reason)
        pagecache.bump(pagecache.thread_part(into.slug))
    return thread


def _locked(thread: Thread, into: Thread) -> tuple[Thread, Thread]:
    """Lock both in order of id, so that two merges never wait for each other in a circle. Raises Http404."""
    found = {pk: locked(pk) for pk in sorted((thread.pk, into.pk))}
    if len(found) < 2:
        raise Http404
    return found[thread.pk], found[into.pk]


def _refuse(thread: Thread, into: Thread) -> None:
    if thread.private_at or into.private_at:
        raise PermissionDenied(_("Only public threads can be merged. Make this thread public first."))
    if thread.merged_into_id:
        raise ValidationError({"into": _("This thread is merged already. Undo that first.")})
    if thread.deleted_at or thread.hidden_at:
        raise PermissionDenied(_("Restore or unhide this thread before you merge it."))
    if into.merged_into_id:
        raise ValidationError({"into": _("That thread was merged itself. Choose the one it leads to.")})
    if into.deleted_at or into.hidden_at or into.archived_at:
        raise ValidationError({"into": _("Choose a public thread.")})


def _copy(merge: Merge, into: Thread) -> None:
    opening = Post.objects.select_for_update(of=("self",)).get(thread=into, number=1)
    given = {"source": merge.source_id, "into": into.pk, "post": opening.pk, "author": into.author_id}
    with connection.cursor() as cursor:
        for field, statement in COPIES.items():
            cursor.execute(statement, given)
            setattr(merge, field, [pk for (pk,) in cursor.fetchall()])
    merge.save(update_fields=list(COPIES))
    _move_counts(into, votes=len(merge.vote_ids), me_toos=len(merge.me_too_ids))


def _take_back(merge: Merge, into: Thread) -> None:
    # The opening post first, as a vote does: thread, then post, then votes.
    Post.objects.select_for_update(of=("self",)).get(thread=into, number=1)
    votes = Vote.objects.filter(pk__in=merge.vote_ids, post__thread=into).delete()[0]
    me_toos = MeToo.objects.filter(pk__in=merge.me_too_ids, thread=into).delete()[0]
    ThreadSubscription.objects.filter(pk__in=merge.subscription_ids, thread=into).delete()
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    _move_counts(into, votes=-votes, me_toos=-me_toos)


def _move_counts(into: Thread, *, votes: int, me_toos: int) -> None:
    into.vote_count += votes
    into.me_too_count += me_toos
    into.hot_score = counters.hot_score(
        votes=into.vote_count, helpers=into.helper_reply_count, created_at=into.created_at
    )
    into.save(update_fields=["vote_count", "me_too_count", "hot_score"])
    if votes:
        Post.objects.filter(thread=into, number=1).update(vote_count=F("vote_count") + votes)
