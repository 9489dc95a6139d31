"""Upvotes: one per person, on other people's posts."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from community import pagecache
from forums import counters, permissions
from forums.actions.changing import locked
from forums.models import Post, Thread, Vote
from profiles.models import Profile


def vote(profile: Profile | None, post: Post) -> int:
    """Vote for `post`; voting twice counts once. Returns the post's total."""
    return _set_vote(profile, post, wanted=True)


def unvote(profile: Profile | None, post: Post) -> int:
    """Remove the vote. Returns the post's total."""
    return _set_vote(profile, post, wanted=False)


def _set_vote(profile: Profile | None, post: Post, *, wanted: bool) -> int:
    permissions.refuse_if(permissions.why_not_vote(profile, post))
    assert profile is not None
    return set_vote(profile, post, wanted=wanted)


def set_vote(profile: Profile, post: Post, *, wanted: bool, on_behalf: bool = False) -> int:
    """Give or take a vote; asks again, now that the post is locked, whether they may, unless somebody acts on
    their behalf.

    Returns the post's total.
    """
    with transaction.atomic():
        thread = locked(post.thread_id) if post.number == 1 else None
        post = Post.objects.select_for_update(of=("self",)).select_related("thread").get(pk=post.pk)
        if not on_behalf:
            permissions.refuse_if(permissions.why_not_vote(profile, post))
        if wanted:
            changed = int(Vote.objects.get_or_create(post=post, profile=profile)[1])
        else:
            changed = -Vote.objects.filter(post=post, profile=profile).delete()[0]
        if changed:
            Post.objects.filter(pk=post.pk).update(vote_count=F("vote_count") + changed)
            post.vote_count += changed
            if thread is not None:
                _count_on_thread(thread, post)
            pagecache.bump(pagecache.thread_part(post.thread.slug))
    return post.vote_count


def _count_on_thread(thread: Thread, post: Post) -> None:
    """The opening post's votes stand on its thread, which is locked (thread first, then post: everywhere)."""
    score = counters.hot_score(
        votes=post.vote_count, helpers=thread.helper_reply_count, created_at=thread.created_at
    )
    Thread.objects.filter(pk=thread.pk).update(vote_count=post.vote_count, hot_score=score)
    pagecache.bump(pagecache.LISTS)
