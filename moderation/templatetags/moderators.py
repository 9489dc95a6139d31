"""What templates ask about moderators."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils import timezone

from community.lib.verbs import Verb
from forums.models import Post, Thread
from moderation.queries.waiting import work_once
from moderation.verbs import POST, THREAD
from profiles.models import Profile
from profiles.permissions import is_moderator

BUTTONS = 4  # of a selection bar; the other verbs are in its menu
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
def selection_verbs(viewer: Profile, kind: str) -> dict[str, list[Verb]]:
    """Return what `viewer` may do to the chosen rows of a list: the first buttons, the others, and those that need more."""
    now, is_team = timezone.now(), is_moderator(viewer)
    target, *rows = {
        "thread": (THREAD, Thread(), Thread(locked_at=now, pinned_at=now)),
        "post": (POST, Post(), Post(hidden_at=now)),
    }[kind]
    verbs = list(dict.fromkeys(verb for row in rows for verb in target.offered(row, is_team=is_team)))
    plain = [verb for verb in verbs if verb.undo and not verb.needs]
    buttons = [verb for verb in target.offered(rows[0], is_team=False) if verb in plain][:BUTTONS]
    return {
        "buttons": buttons,
        "more": [verb for verb in plain if verb not in buttons],
        "with_needs": [verb for verb in verbs if verb.needs],
    }


@register.filter
def post_verbs(post: Post, viewer: Profile) -> list[Verb]:
    """Return what `viewer` may do to a reply in its menu; one’s own is deleted as its author, and review has its page."""
    offered = POST.offered(post, is_team=is_moderator(viewer))
    return [
        verb for verb in offered if verb.undo and not (verb.name == "delete" and post.author_id == viewer.pk)
    ]
