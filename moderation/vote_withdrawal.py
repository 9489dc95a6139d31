"""What a ban may take back of what somebody gave to others: votes, kudos, and the points these earned.

Apps to the right, or moderation itself for those to its left, add a kind in `ready`. `withdraw` and `restore` run in the
caller's transaction and reverse what the thing had earned somebody in the same breath.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forums.actions.votes import set_vote
from forums.models import Post, Vote
from profiles.models import Profile


@dataclass(frozen=True)
class Withdrawal:
    """`find(profile_id, after, limit)` returns ids above `after`, rising; `withdraw` says whether there was something to take."""

    name: str
    find: Callable[[int, int, int], list[int]]
    withdraw: Callable[[Profile, int], bool]
    restore: Callable[[Profile, int], None]


_kinds: dict[str, Withdrawal] = {}


def register_withdrawal(kind: Withdrawal) -> None:
    """Add something a ban can take back."""
    _kinds[kind.name] = kind


def all_kinds() -> list[Withdrawal]:
    """Return every kind, in the order they were added."""
    return list(_kinds.values())


def kind_named(name: str) -> Withdrawal | None:
    """Return the kind that effects of this name belong to."""
    return _kinds.get(name)


def _voted(profile_id: int, after: int, limit: int) -> list[int]:
    votes = Vote.objects.filter(profile=profile_id, post__gt=after).order_by("post_id")
    return list(votes.values_list("post_id", flat=True)[:limit])


def _unvote(profile: Profile, post_id: int) -> bool:
    post = Post.objects.select_related("thread").filter(pk=post_id).first()
    if post is None or not Vote.objects.filter(post=post, profile=profile).exists():
        return False
    set_vote(profile, post, wanted=False, on_behalf=True)
    return True


def _vote_again(profile: Profile, post_id: int) -> None:
    post = Post.objects.select_related("thread").filter(pk=post_id).first()
    if post is not None:
        set_vote(profile, post, wanted=True, on_behalf=True)


VOTES = Withdrawal("vote", _voted, _unvote, _vote_again)
