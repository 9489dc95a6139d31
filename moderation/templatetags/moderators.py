"""What templates ask about moderators."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from community.lib.verbs import Verb
from forums.models import Post, Thread
from moderation.queries.waiting import work_for
from moderation.verbs import POST, THREAD
from profiles.models import Profile
from profiles.permissions import is_moderator

register = template.Library()


@register.filter
def work(viewer: Profile | None) -> Mapping[str, int] | None:
    """Return what waits for a moderator, read once a request; None, without a statement, for everybody else."""
    if viewer is None or not is_moderator(viewer):
        return None
    if not hasattr(viewer, "moderation_work"):
        viewer.moderation_work = work_for(viewer)  # type: ignore[attr-defined]
    return viewer.moderation_work  # type: ignore[attr-defined,no-any-return]


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
