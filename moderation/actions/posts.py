"""Hide a reply and show it again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from forums.actions.changing import changing, locked_post
from forums.models import Post
from forums.notifications import notify_decision
from moderation.actions.threads import refuse_reversal, require_moderation
from moderation.models import Effect
from profiles.models import Profile


def hide_post(actor: Profile | None, post: Post, *, reason: str = "") -> Post:
    """Show a reply to nobody but its author and moderators; a hidden solution stops being one."""
    require_moderation(actor)
    return set_post_hidden(actor, post, hidden=True, reason=reason)


def show_post(actor: Profile | None, post: Post, *, reason: str = "") -> Post:
    """Undo `hide_post`."""
    require_moderation(actor)
    return set_post_hidden(actor, post, hidden=False, reason=reason)


def set_post_hidden(
    actor: Profile | None, post: Post, *, hidden: bool, reason: str = "", quietly: bool = False
) -> Post:
    """Hide or show for an action that has asked who may, or (`actor` None) in Hearth's own name.

    `quietly`: the caller writes to the author, about all of it at once.
    """
    if post.number == 1:
        raise PermissionDenied(_("The first post is the thread itself: hide the thread instead."))
    with transaction.atomic():
        post = locked_post(post)
        thread = post.thread
        if post.held_at and not hidden:
            raise PermissionDenied(_("This post waits for review: approve it in the queue."))
        if post.held_for and not hidden:
            raise PermissionDenied(_("Review turned this post down: put it back in the queue first."))
        if bool(post.hidden_at) == hidden:
            return post
        if not hidden:
            refuse_reversal(actor, post, "hidden")
        before = {"hidden": bool(post.hidden_at), "solution": thread.solution_id}
        with changing(thread, post, actor=actor):
            post.hidden_at, post.hidden_by = (timezone.now(), actor) if hidden else (None, None)
            post.save(update_fields=["hidden_at", "hidden_by"])
        if not hidden:
            Effect.objects.filter(source_key=f"post:{post.pk}").delete()
        record(
            "post.hidden" if hidden else "post.shown",
            actor_id=actor.pk if actor else None, target=f"post:{post.pk}",
            before=before, after={"hidden": hidden}, reason=reason,
        )  # fmt: skip
        if not quietly:
            notify_decision(actor, "post.hidden" if hidden else "post.shown", thread, post, reason=reason)
    return post
