"""Upvotes that a ban removes, and gives back when it is lifted. Each call runs in the caller's transaction and settles points."""

from __future__ import annotations

from forums.actions.votes import set_vote
from forums.models import Post, Vote
from profiles.models import Profile


def voted_posts(profile_id: int, after: int, limit: int) -> list[int]:
    """Return the ids above `after` of posts the person upvoted, rising."""
    votes = Vote.objects.filter(profile=profile_id, post__gt=after).order_by("post_id")
    return list(votes.values_list("post_id", flat=True)[:limit])


def remove_vote(profile: Profile, post_id: int) -> bool:
    """Remove an upvote. Returns whether there was one."""
    voted = Vote.objects.filter(post=post_id, profile=profile).exists()
    if voted:
        _set(profile, post_id, wanted=False)
    return voted


def restore_vote(profile: Profile, post_id: int) -> None:
    """Upvote the post again, if it still exists."""
    _set(profile, post_id, wanted=True)


def _set(profile: Profile, post_id: int, *, wanted: bool) -> None:
    post = Post.objects.select_related("thread").filter(pk=post_id).first()
    if post is not None:
        set_vote(profile, post, wanted=wanted, on_behalf=True)
