"""What follows when a post is shown to others for the first time. Apps add their part in `ready`.

A post that waits for review has no consequences until a moderator approves it; then they all happen, once.
"""

from __future__ import annotations

from collections.abc import Callable

from forums.actions.earnings import earn_for_reply
from forums.models import Post

Follow = Callable[[Post], None]
_followers: list[Follow] = []


def on_published(follow: Follow) -> None:
    """Call `follow(post)` in the transaction in which a post (number 1: a thread) is first shown."""
    if follow not in _followers:
        _followers.append(follow)


def published(post: Post) -> None:
    """Do what follows from `post` being shown. The caller holds the thread's lock; counters are settled, the log comes after."""
    if post.number > 1:
        earn_for_reply(post, post.thread)
    for follow in _followers:
        follow(post)
