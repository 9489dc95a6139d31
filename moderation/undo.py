"""What the log says was done, undone: by the same actions the other way round, so every rule holds and is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from community.audit.models import LogEntry
from community.audit.queries import entries_about
from community.lib.errors import Conflict
from forums.actions.posts import delete_post, edit_post, undelete_post
from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.bodies import editable
from forums.models import Post, Revision, Thread, Topic
from moderation.actions import merging, posts, review, threads
from profiles.models import Profile

Facts = dict[str, Any]


@dataclass(frozen=True)
class Undo:
    """`holds(thing, before, after)`: what was done still stands. `act(actor, thing, before, reason)` undoes it."""

    holds: Callable[[Any, Facts, Facts], bool]
    act: Callable[[Profile, Any, Facts, str], Any]


def undo(actor: Profile, entry: LogEntry) -> Thread | Post:
    """Undo what `entry` says. Raises Conflict when that does not stand any more, and what the action raises."""
    thing = things_of([entry]).get(entry.target)
    if thing is None or not may_be_undone(entry, thing):
        raise Conflict(_("This can no longer be undone: it was changed or undone since."))
    before, _after = facts_of(entry)
    UNDO[entry.action].act(actor, thing, before, _("Undo of an earlier change"))
    return thing


def undo_url(actor: Profile, action: str, target: str) -> str:
    """Return where what `actor` has just done can be undone, or nothing."""
    entry = entries_about(target).filter(actor_id=actor.pk, action=action).first()
    thing = things_of([entry]).get(target) if entry else None
    return f"/moderation/log/{entry.pk}/undo/" if entry and thing and may_be_undone(entry, thing) else ""


def may_be_undone(entry: LogEntry, thing: Thread | Post) -> bool:
    """Say whether what `entry` says still stands and can be undone."""
    found = UNDO.get(entry.action)
    return found is not None and found.holds(thing, *facts_of(entry))


def things_of(entries: Iterable[LogEntry]) -> dict[str, Thread | Post]:
    """Return the threads and posts that entries are about, by target: two queries, however many."""
    targets = [entry.target.partition(":") for entry in entries]
    wanted: dict[str, set[int]] = {"thread": set(), "post": set()}
    for kind, _colon, number in targets:
        if kind in wanted and number.isascii() and number.isdecimal() and len(number) < 18:
            wanted[kind].add(int(number))
    last = Revision.objects.filter(post=OuterRef("pk")).order_by("-number")
    rows = Post.objects.select_related("thread").annotate(
        last_revision=Subquery(last.values("number")[:1]), last_body=Subquery(last.values("body")[:1])
    )
    found: dict[str, Thread | Post] = {f"thread:{pk}": one for pk, one in Thread.objects.in_bulk(wanted["thread"]).items()}
    return found | {f"post:{pk}": one for pk, one in rows.in_bulk(wanted["post"]).items()}


def facts_of(entry: LogEntry) -> tuple[Facts, Facts]:
    """Return what was so before and after, with the words that are not erased."""
    detail = getattr(entry, "detail", None)
    words = (detail.before, detail.after) if detail else ({}, {})
    return {**(entry.before or {}), **words[0]}, {**(entry.after or {}), **words[1]}


def _while(field: str, act: Callable[..., Any]) -> Undo:
    """Undo by `act` as long as `field` is set."""
    return Undo(lambda thing, before, after: bool(getattr(thing, field)), lambda actor, thing, *_more: act(actor, thing))


def _unless(field: str, act: Callable[..., Any]) -> Undo:
    """Undo by `act` as long as `field` is not set."""
    return Undo(lambda thing, before, after: not getattr(thing, field), lambda actor, thing, *_more: act(actor, thing))


def _move_back(actor: Profile, thread: Thread, before: Facts, reason: str) -> None:
    threads.move_thread(actor, thread, topic=_found(Topic, before["topic"]), reason=reason)


def _merge_again(actor: Profile, thread: Thread, before: Facts, reason: str) -> None:
    merging.merge_thread(actor, thread, into=_found(Thread, before["merged_into"]), reason=reason)


def _review_again(actor: Profile, post: Post, before: Facts, reason: str) -> None:
    review.review_again(actor, post)


def _found(model: type[Any], pk: int) -> Any:
    found = model._default_manager.filter(pk=pk).first()
    if found is None:
        raise Conflict(_("This can no longer be undone: it was changed or undone since."))
    return found


def _is_as_edited(thread: Thread, before: Facts, after: Facts) -> bool:
    kept = isinstance(before.get("subject"), str) and isinstance(before.get("tags"), list)
    return kept and after == {"subject": thread.subject, "tags": list(thread.tag_names)}


def _edit_thread_back(actor: Profile, thread: Thread, before: Facts, reason: str) -> None:
    subject = before["subject"] if before["subject"] != thread.subject else None
    edit_thread(actor, thread, subject=subject, tags=before["tags"], reason=reason)


def _is_last_edit(post: Any, before: Facts, after: Facts) -> bool:
    return post.last_revision == before.get("revision") and bool(post.last_body)


def _edit_post_back(actor: Profile, post: Any, before: Facts, reason: str) -> None:
    edit_post(actor, post, body=editable(post.last_body), reason=reason)


UNDO: dict[str, Undo] = {
    "thread.archived": _while("archived_at", threads.unarchive_thread),
    "thread.restored": _unless("archived_at", threads.archive_thread),
    "thread.locked": _while("locked_at", threads.unlock_thread),
    "thread.unlocked": _unless("locked_at", threads.lock_thread),
    "thread.pinned": _while("pinned_at", threads.unpin_thread),
    "thread.unpinned": _unless("pinned_at", threads.pin_thread),
    "thread.hidden": _while("hidden_by_id", threads.show_thread),
    "thread.shown": _unless("hidden_at", threads.hide_thread),
    "thread.made-private": _while("private_at", threads.make_public),
    "thread.made-public": _unless("private_at", threads.make_private),
    "thread.merged": _while("merged_into_id", merging.unmerge_thread),
    "thread.unmerged": Undo(lambda thread, before, after: not thread.merged_into_id, _merge_again),
    "thread.deleted": _while("deleted_at", undelete_thread),
    "thread.undeleted": _unless("deleted_at", delete_thread),
    "thread.moved": Undo(lambda thread, before, after: thread.topic_id == after.get("topic"), _move_back),
    "thread.edited": Undo(_is_as_edited, _edit_thread_back),
    "post.hidden": _while("hidden_by_id", posts.show_post),
    "post.shown": _unless("hidden_at", posts.hide_post),
    "post.deleted": _while("deleted_at", undelete_post),
    "post.undeleted": _unless("deleted_at", delete_post),
    "post.edited": Undo(_is_last_edit, _edit_post_back),
    "post.turned-down": Undo(lambda post, before, after: bool(post.held_for and not post.held_at), _review_again),
}
