"""Mark and remove solutions: the asker, or after a day champions and moderators."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from forums import permissions
from forums.actions.changing import changing, locked
from forums.actions.earnings import earn_for_solution
from forums.actions.resolutions import close_resolutions
from forums.announcements import announce_solution
from forums.models import Post, ResolutionAnswer, Thread
from forums.notifications import notify_solution
from points.actions.awards import check
from points.triggers import PEOPLE_HELPED, SOLUTIONS
from profiles.models import Profile


def mark_solution(actor: Profile | None, post: Post) -> Thread:
    """Choose `post` as the solution, in place of any other. Raises PermissionDenied with the reason."""
    with transaction.atomic():
        thread = locked(post.thread_id)
        post = Post.objects.select_related("author__user").get(pk=post.pk)
        post.thread = thread
        permissions.refuse_if(permissions.why_not_solution(actor, post))
        if thread.solution_id != post.pk:
            _set_solution(actor, thread, post)
    return thread


def clear_solution(actor: Profile | None, thread: Thread) -> Thread:
    """Remove the solution. Raises PermissionDenied."""
    with transaction.atomic():
        thread = locked(thread.pk)
        if not permissions.may_choose_solution(actor, thread):
            raise PermissionDenied(_("Only the asker, champions and moderators can change the solution."))
        permissions.require_writer(actor)
        if thread.solution_id is not None:
            _set_solution(actor, thread, None)
    return thread


def _set_solution(actor: Profile | None, thread: Thread, post: Post | None) -> None:
    assert actor is not None
    old = thread.solution or thread.kept_solution
    with changing(thread):
        thread.solution, thread.kept_solution = post, None
        thread.solved_at, thread.solved_by = (timezone.now(), actor) if post else (None, None)
        thread.not_solved_at = None
        thread.save(update_fields=["solution", "kept_solution", "solved_at", "solved_by", "not_solved_at"])
    earn_for_solution(thread, old, post, actor=actor)
    if post is not None:
        post.thread = thread
        announce_solution(post)
        close_resolutions(thread, ResolutionAnswer.SOLVED)
    if post is not None and post.author_id != thread.author_id:
        check(post.author_id, SOLUTIONS, PEOPLE_HELPED)
        post.thread = thread
        notify_solution(post, actor)
    if actor.pk != thread.author_id:
        record(
            "solution.marked" if post else "solution.cleared",
            actor_id=actor.pk,
            target=f"thread:{thread.pk}",
            before={"solution": old.pk if old else None},
            after={"solution": post.pk if post else None},
        )
