"""Archive, lock, pin and move threads."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from forums.actions.changing import changing, locked
from forums.announcements import announce_decision
from forums.models import Post, Thread, Topic
from forums.notifications import notify_decision
from forums.permissions import may_moderate, refuse_if, require_writer
from forums.slugs import move_slug
from moderation.models import Effect
from profiles.models import Profile
from profiles.permissions import is_moderator, why_not_reverse


def archive_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Take a thread out of every list; its page still opens, with a banner and without replies."""
    return _set_state(actor, thread, "archived", on=True, reason=reason)


def unarchive_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `archive_thread`."""
    return _set_state(actor, thread, "archived", on=False, reason=reason)


def lock_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Close a thread for replies; moderators may still reply."""
    return _set_state(actor, thread, "locked", on=True, reason=reason)


def unlock_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `lock_thread`."""
    return _set_state(actor, thread, "locked", on=False, reason=reason)


def pin_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Put a thread first in its topic."""
    return _set_state(actor, thread, "pinned", on=True, reason=reason)


def unpin_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `pin_thread`."""
    return _set_state(actor, thread, "pinned", on=False, reason=reason)


def hide_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Show a thread to nobody but its asker and moderators."""
    return _set_state(actor, thread, "hidden", on=True, reason=reason)


def show_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `hide_thread`."""
    return _set_state(actor, thread, "hidden", on=False, reason=reason)


def set_thread_hidden(
    actor: Profile | None, thread: Thread, *, hidden: bool, reason: str = "", quietly: bool = False
) -> Thread:
    """Hide or show for an action that has asked who may, or (`actor` None) in Hearth's own name.

    `quietly`: the caller writes to the author, about all of it at once.
    """
    return _change_state(actor, thread, "hidden", on=hidden, reason=reason, quietly=quietly)


def make_private(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Keep a thread to its author and the team."""
    return _set_private(actor, thread, private=True, reason=reason)


def make_public(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `make_private`."""
    return _set_private(actor, thread, private=False, reason=reason)


def move_thread(actor: Profile | None, thread: Thread, *, topic: Topic, reason: str = "") -> Thread:
    """Move a thread to another topic. A topic without solutions shows none; it is kept, with its points, for the way back."""
    require_moderation(actor)
    assert actor is not None
    with transaction.atomic():
        thread = locked(thread.pk)
        _refuse_private(actor, thread)
        if thread.topic_id == topic.pk:
            return thread
        before = {"topic": thread.topic_id, "solution": thread.solution_id}
        solution_id = thread.solution_id or thread.kept_solution_id
        with changing(thread):
            thread.topic, thread.is_question = topic, topic.solutions_enabled
            thread.solution_id, thread.kept_solution_id = (
                (solution_id, None) if thread.is_question else (None, solution_id)
            )
            thread.pinned_at, thread.pinned_by = None, None
            thread.save(
                update_fields=["topic", "is_question", "solution", "kept_solution", "pinned_at", "pinned_by"]
            )
        _note(
            actor, "thread.moved", thread, before, {"topic": topic.pk, "solution": thread.solution_id}, reason
        )
    return thread


def require_moderation(actor: Profile | None) -> Profile:
    """Return the profile of a champion or higher who is free to act. Raises PermissionDenied."""
    actor = require_writer(actor)
    if not may_moderate(actor):
        raise PermissionDenied(_("Only champions and moderators can do this."))
    return actor


def require_team(actor: Profile | None) -> Profile:
    """Return the profile of a moderator who is free to act. Raises PermissionDenied."""
    actor = require_writer(actor)
    if not is_moderator(actor):
        raise PermissionDenied(_("Only moderators can do this."))
    return actor


def _refuse_private(actor: Profile | None, thread: Thread) -> None:
    """What is confidential or not yet reviewed is not for champions to show, or to know of; Hearth itself (None) may."""
    if actor is None or is_moderator(actor):
        return
    if thread.private_at:
        raise Http404
    if thread.held_at:
        raise PermissionDenied(_("This thread waits for review by a moderator."))


def refuse_reversal(actor: Profile | None, thing: Thread | Post, state: str) -> None:
    """Raise PermissionDenied when a champion wants to undo the decision of a moderator, or of the reports; Hearth (None) may."""
    if actor is None or is_moderator(actor):
        return
    decider = getattr(thing, f"{state}_by")
    if state == "hidden" and decider is None:
        raise PermissionDenied(
            _("This was hidden after reports. A moderator decides whether everyone can see it again.")
        )
    refuse_if(why_not_reverse(actor, decider))


STATES = {
    "archived": ("thread.archived", "thread.restored"),
    "locked": ("thread.locked", "thread.unlocked"),
    "pinned": ("thread.pinned", "thread.unpinned"),
    "hidden": ("thread.hidden", "thread.shown"),
}


def _set_state(actor: Profile | None, thread: Thread, state: str, *, on: bool, reason: str) -> Thread:
    require_moderation(actor)
    return _change_state(actor, thread, state, on=on, reason=reason)


def _change_state(
    actor: Profile | None, thread: Thread, state: str, *, on: bool, reason: str, quietly: bool = False
) -> Thread:
    at, by = f"{state}_at", f"{state}_by"
    with transaction.atomic():
        thread = locked(thread.pk)
        _refuse_private(actor, thread)
        if bool(getattr(thread, at)) == on:
            return thread
        if state == "hidden" and not on and (thread.held_at or thread.private_at):
            raise PermissionDenied(_("Approve it in the queue, or end its confidentiality: that shows it."))
        if state == "hidden" and not on and thread.posts.filter(number=1, held_for__isnull=False).exists():
            raise PermissionDenied(_("Review turned this thread down: put it back in the queue first."))
        if not on:
            refuse_reversal(actor, thread, state)
        before = {at: _iso(thread, at)}
        with changing(thread):
            setattr(thread, at, timezone.now() if on else None)
            setattr(thread, by, actor if on else None)
            thread.save(update_fields=[at, by])
        if state == "hidden" and not on:
            Effect.objects.filter(source_key=f"thread:{thread.pk}").delete()
        _note(
            actor,
            STATES[state][0 if on else 1],
            thread,
            before,
            {at: _iso(thread, at)},
            reason,
            quietly=quietly,
        )
    return thread


def _set_private(actor: Profile | None, thread: Thread, *, private: bool, reason: str) -> Thread:
    actor = require_team(actor)
    with transaction.atomic():
        thread = locked(thread.pk)
        if bool(thread.private_at) == private:
            return thread
        if private and thread.merged_into_id:
            raise PermissionDenied(_("Undo the merge first."))
        before, now = {"private_at": _iso(thread, "private_at")}, timezone.now()
        with changing(thread):
            thread.private_at, thread.private_by = (now, actor) if private else (None, None)
            if private:
                thread.hidden_at = thread.hidden_at or now
            elif not thread.held_at and thread.hidden_by_id is None:
                thread.hidden_at = None
            move_slug(thread)
            thread.save(update_fields=["private_at", "private_by", "hidden_at", "slug"])
        action, after = (
            "thread.made-private" if private else "thread.made-public",
            {"private_at": _iso(thread, "private_at")},
        )
        _note(actor, action, thread, before, after, reason)
    return thread


def _iso(thread: Thread, field: str) -> str | None:
    value = getattr(thread, field)
    return value.isoformat() if value else None


def _note(
    actor: Profile | None, action: str, thread: Thread, before: dict[str, Any], after: dict[str, Any], reason: str,
    *, quietly: bool = False,
) -> None:  # fmt: skip
    actor_id = actor.pk if actor else None
    entry = record(
        action, actor_id=actor_id, target=f"thread:{thread.pk}", before=before, after=after, reason=reason
    )
    announce_decision(action, thread, entry.pk)
    if not quietly:
        notify_decision(actor, action, thread, reason=reason)
