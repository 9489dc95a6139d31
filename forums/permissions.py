"""Who may do what to threads and posts. Every refusal carries the sentence the person reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.models import Post, Thread
from profiles.models import Profile
from profiles.permissions import is_champion, is_moderator
from profiles.restrictions import refusal_for, why_no_contact

if TYPE_CHECKING:
    from forums.queries.pages import PostView

SOLUTION_WAIT = timedelta(hours=24)
UNDO_WINDOW = timedelta(hours=1)


def require_writer(viewer: Profile | None) -> Profile:
    """Return the profile when it may write at all; raise PermissionDenied otherwise."""
    if viewer is None:
        raise PermissionDenied(_("Sign in first."))
    if refusal := refusal_for(viewer):
        raise PermissionDenied(refusal)
    return viewer


def may_moderate(viewer: Profile | None) -> bool:
    """Champions and up hold the reversible tools."""
    return is_champion(viewer)


def why_not_reply(viewer: Profile | None, thread: Thread) -> str | None:
    """Return why `viewer` cannot reply, or None. Guests may write and sign in at submit."""
    if thread.merged_into_id:
        return _("This thread was merged into another. Reply there.")
    if thread.deleted_at or (thread.hidden_at and not thread.private_at) or thread.held_at:
        return _("This thread is closed for replies.")
    if thread.archived_at:
        return _("This thread is archived. Start a new thread and link to this one.")
    if thread.locked_at and not is_moderator(viewer):
        return _("This thread is locked. Only moderators can reply.")
    return (refusal_for(viewer) or why_no_contact(viewer, [thread.author_id])) if viewer else None


def why_not_edit_post(viewer: Profile | None, post: Post | PostView) -> str | None:
    """Return why `viewer` cannot edit `post`, or None. Moderators edit with a reason."""
    if viewer is None:
        return _("Sign in first.")
    if is_moderator(viewer):
        return None
    if post.author_id != viewer.pk:
        return _("You can only edit your own posts.")
    if (post.hidden_at and not post.held_at) or post.deleted_at:
        return _("You can’t edit this post while it is hidden.")
    if post.thread.archived_at or post.thread.locked_at:
        return _("This thread is closed, so you can’t change its posts.")
    return refusal_for(viewer)


def why_not_redact(viewer: Profile | None, post: Post) -> str | None:
    """Return why `viewer` cannot remove the text of earlier versions of `post`, or None: who may edit it may."""
    if viewer is not None and viewer.pk != post.author_id and not is_moderator(viewer):
        return _("Only the author and moderators can remove earlier versions.")
    return why_not_edit_post(viewer, post)


def why_not_edit_thread(viewer: Profile | None, thread: Thread) -> str | None:
    """Return why `viewer` cannot change subject and tags, or None."""
    if viewer is None:
        return _("Sign in first.")
    if is_moderator(viewer):
        return None
    if may_moderate(viewer) and not (thread.held_at or thread.private_at or thread.deleted_at):
        return refusal_for(viewer)
    if thread.author_id != viewer.pk:
        return _("Only the asker can change the subject and tags.")
    hidden = thread.hidden_at and not (thread.held_at or thread.private_at)
    if thread.archived_at or thread.locked_at or hidden or thread.deleted_at:
        return _("This thread is closed, so you can’t change its subject.")
    return refusal_for(viewer)


def why_not_delete_post(viewer: Profile | None, post: Post | PostView) -> str | None:
    """Return why `viewer` cannot delete `post` (a reply), or None."""
    if viewer is None:
        return _("Sign in first.")
    if is_moderator(viewer):
        return None
    if post.author_id != viewer.pk:
        return _("You can only delete your own posts.")
    if post.thread.archived_at or post.thread.locked_at:
        return _("This thread is closed, so you can’t change its posts.")
    return refusal_for(viewer)


def why_not_delete_thread(viewer: Profile | None, thread: Thread) -> str | None:
    """Return why `viewer` cannot delete `thread`, or None: the asker may while nobody else has replied."""
    if viewer is None:
        return _("Sign in first.")
    if is_moderator(viewer):
        return None
    if thread.author_id != viewer.pk:
        return _("You can only delete your own threads.")
    if thread.helper_reply_count:
        return _("You can’t delete a thread that others have replied to. You can still edit your question.")
    return refusal_for(viewer)


def why_not_undelete(viewer: Profile | None, row: Post | Thread) -> str | None:
    """Return why `viewer` cannot restore `row`, or None: authors restore what they deleted for an hour,
    moderators always.
    """
    if viewer is None:
        return _("Sign in first.")
    if is_moderator(viewer):
        return None
    mine = row.deleted_by_id == viewer.pk and row.author_id == viewer.pk
    if not mine or row.deleted_at is None or timezone.now() - row.deleted_at >= UNDO_WINDOW:
        return _("You can restore your own posts for an hour after deleting them.")
    return refusal_for(viewer)


def why_not_vote(viewer: Profile | None, post: Post | PostView) -> str | None:
    """Return why `viewer` cannot vote for `post`, or None."""
    if viewer is None:
        return _("Sign in to upvote.")
    if post.thread.merged_into_id:
        return _("This thread was merged into another. Upvote posts there.")
    if post.author_id == viewer.pk:
        return _("You can’t upvote your own post.")
    if post.thread.archived_at:
        return _("This thread is archived, so you can’t upvote its posts.")
    return refusal_for(viewer)


def why_not_solution(viewer: Profile | None, post: Post) -> str | None:
    """Return why `viewer` cannot mark `post` as the solution, or None.

    The asker may choose any shown reply. Champions and moderators wait a day, so that the asker goes first,
    and never choose their own.
    """
    thread = post.thread
    if viewer is None:
        return _("Sign in first.")
    if not thread.is_question:
        return _("Threads in this topic have no solutions.")
    if post.number == 1:
        return _("A question can’t be its own solution.")
    if post.hidden_at or post.deleted_at:
        return _("A hidden reply can’t be the solution.")
    if thread.author_id == viewer.pk:
        return refusal_for(viewer)
    if not may_moderate(viewer):
        return _("Only the asker, champions and moderators can mark the solution.")
    if post.author_id == viewer.pk:
        return _("Someone else has to mark your reply as the solution.")
    if timezone.now() - post.created_at < SOLUTION_WAIT:
        return _(
            "Give the asker a day to choose first. You can mark this reply 24 hours after it was posted."
        )
    return refusal_for(viewer)


def may_choose_solution(viewer: Profile | None, thread: Thread) -> bool:
    """Say whether the page shows `viewer` the solution tools at all."""
    return (
        viewer is not None and thread.is_question and (thread.author_id == viewer.pk or may_moderate(viewer))
    )


def set_post_rights(viewer: Profile, posts: Iterable[PostView]) -> None:
    """Set on each post of one thread what its page offers `viewer`.

    People who may not write are offered nothing.
    """
    if refusal_for(viewer):
        return
    for post in posts:
        is_reply = post.number > 1
        post.may_vote = why_not_vote(viewer, post) is None
        post.may_edit = why_not_edit_post(viewer, post) is None
        post.may_delete = is_reply and not post.deleted_at and why_not_delete_post(viewer, post) is None
        post.may_hide = is_reply and not post.held_at and may_moderate(viewer)
        is_shown = not (post.hidden_at or post.deleted_at)
        post.may_solve = is_reply and is_shown and may_choose_solution(viewer, post.thread)


def refuse_if(sentence: str | None) -> None:
    """Raise PermissionDenied with `sentence` when there is one."""
    if sentence:
        raise PermissionDenied(sentence)
