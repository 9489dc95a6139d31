"""Hold posts that await approval, and show them once approved."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from forums import counters, gate
from forums.actions.changing import changing
from forums.actions.publishing import published
from forums.models import Post, Thread
from forums.slugs import move_slug
from profiles.models import Profile


def recheck(actor: Profile, post: Post, thread: Thread, *, mentions: int = 0) -> None:
    """Check a post again that its author has just changed. The thread is locked, the change is saved."""
    if actor.pk != post.author_id:
        return
    subject = thread.subject if post.number == 1 else ""
    screening = gate.screen(
        gate.Submission(
            gate.EDIT, actor, thread.topic, post.body, post.body_html, subject, mentions, thread, post
        )
    )
    marks = screening.marks(timezone.now())
    if marks and not (post.hidden_at or post.deleted_at):
        _set_hidden(post, thread, actor=None, **marks)
    screening.keep(post)


def release(post: Post, thread: Thread, *, actor: Profile | None) -> None:
    """Show an approved post. A new one is published and dated now; an edited one keeps its place."""
    first_time = (post.held_for or {}).get("kind") != gate.EDIT
    if first_time:
        post.created_at = timezone.now()
        post.save(update_fields=["created_at"])
    if post.number == 1 and first_time:
        thread.created_at = thread.last_activity_at = post.created_at
        votes, helpers = thread.vote_count, thread.helper_reply_count
        thread.hot_score = counters.hot_score(votes=votes, helpers=helpers, created_at=thread.created_at)
        thread.save(update_fields=["created_at", "last_activity_at", "hot_score"])
    _set_hidden(post, thread, actor=actor, hidden_at=None, held_at=None, held_for=None)
    if first_time:
        published(post)


def turn_down(post: Post, thread: Thread, *, actor: Profile) -> None:
    """Keep a rejected post hidden. `held_for` stays, so that it can go back to the queue."""
    _set_waiting(post, thread, None, by=actor)


def wait_again(post: Post, thread: Thread) -> None:
    """Undo `turn_down`: the post awaits approval again."""
    _set_waiting(post, thread, timezone.now(), by=None)


def _set_waiting(post: Post, thread: Thread, held_at: datetime | None, *, by: Profile | None) -> None:
    """Nothing is shown before or after, so no counter moves."""
    post.held_at, post.hidden_by = held_at, by
    post.save(update_fields=["held_at", "hidden_by"])
    if post.number == 1:
        thread.held_at, thread.hidden_by = held_at, by
        thread.save(update_fields=["held_at", "hidden_by"])


def _set_hidden(post: Post, thread: Thread, *, actor: Profile | None, **marks: object) -> None:
    with changing(thread, post, actor=actor):
        for field, value in marks.items():
            setattr(post, field, value)
        post.hidden_by = None
        post.save(update_fields=[*marks, "hidden_by"])
        post.thread = thread
        if post.number > 1:
            return
        thread.held_at = post.held_at
        if not thread.private_at:  # a confidential thread stays hidden
            thread.hidden_at, thread.hidden_by = post.hidden_at, None
        if not thread.hidden_at:
            move_slug(thread)
        thread.save(update_fields=["held_at", "hidden_at", "hidden_by", "slug"])
