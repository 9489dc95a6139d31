"""What templates ask about moderators."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from community.lib.verbs import Verb
from forums.models import Post, Thread
from moderation.queries.waiting import work_once
from moderation.verbs import POST, THREAD
from profiles.models import Profile
from profiles.permissions import is_moderator

register = template.Library()


@register.filter
def work(viewer: Profile | None) -> Mapping[str, int] | None:
    """Return how much open work a moderator has; None for everyone else."""
    return work_once(viewer)


@register.filter
def thread_verbs(thread: Thread, viewer: Profile) -> list[Verb]:
    """Return what `viewer` may do to a thread."""
    return list(THREAD.offered(thread, is_team=is_moderator(viewer)))


@register.filter
def post_verbs(post: Post, viewer: Profile) -> list[Verb]:
    """Return what `viewer` may do to a reply in its menu; one’s own is deleted as its author, and review has its page."""
    offered = POST.offered(post, is_team=is_moderator(viewer))
    return [
        verb for verb in offered if verb.undo and not (verb.name == "delete" and post.author_id == viewer.pk)
    ]
