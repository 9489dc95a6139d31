"""What follows when a post is shown to others for the first time. Apps add their part in `ready`.

A post that waits for review has no consequences until a moderator approves it; then they all happen, once.
"""

from __future__ import annotations

from collections.abc import Callable

from community.lib.registry import Registry
from forums.actions.earnings import earn_for_reply
from forums.models import Post

# Each is called with the post, in the transaction in which it (number 1: its thread) is first shown.
FOLLOWERS: Registry[Callable[[Post], None]] = Registry("followers of new posts")


def published(post: Post) -> None:
    """Do what follows from `post` being shown.

    The caller holds the thread's lock; counters are settled, the log comes after.
    """
    if post.number > 1:
        earn_for_reply(post, post.thread)
    for follow in FOLLOWERS:
        follow(post)
