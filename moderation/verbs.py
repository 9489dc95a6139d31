"""What moderators and champions do to threads and posts, each verb said once: page, bulk, admin, API, log and undo read it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from rest_framework import serializers

from community.lib.errors import Conflict
from community.lib.verbs import NOTICES, REVERSALS, SENTENCES, TARGETS, Facts, Need, Reversal, Target, Verb
from forums.actions.posts import delete_post, edit_post, undelete_post
from forums.actions.redaction import redact_revisions
from forums.actions.threads import clean_subject, delete_thread, edit_thread, undelete_thread
from forums.api.serializers import TagsField
from forums.bodies import editable
from forums.forms import split_tags
from forums.models import Post, Thread, Topic
from forums.models.thread import SUBJECT_LIMIT
from forums.notifications import without_notice
from moderation.actions import merging, posts, review, splitting, threads
from moderation.queries.targets import find_thread, reachable_posts, reachable_threads
from profiles.models import Profile

ID_LIMIT = 2**63 - 1
GONE = words("This can no longer be undone: it was changed or undone since.")


def _read_topic(viewer: Profile | None, given: str) -> Topic:
    topic = Topic.objects.filter(slug=given[:80].replace("\x00", "")).first()
    if topic is None:
        raise ValidationError({"topic": _("Choose the topic to move this thread to.")})
    return topic


def _read_tags(viewer: Profile | None, given: str | list[str]) -> list[str]:
    return split_tags(given[:250]) if isinstance(given, str) else given


def _topics() -> list[tuple[str, str]]:
    return list(Topic.objects.order_by("group__position", "position", "name").values_list("slug", "name"))


TOPIC = Need(
    "topic", words("Topic"), _read_topic, choices=_topics, empty=words("Choose a topic"),
    api=lambda: serializers.CharField(required=False, max_length=80, help_text="The slug of the topic to move it to."),
)  # fmt: skip
TAGS = Need(
    "tags", words("Tags"), _read_tags, required=False,
    api=lambda: TagsField(required=False, help_text="The thread’s tags from now on, at most five."),
)  # fmt: skip
INTO = Need(
    "into", words("Thread to merge into"), lambda viewer, given: find_thread(str(given)[:300], viewer),
    api=lambda: serializers.IntegerField(
        required=False, min_value=1, max_value=ID_LIMIT, help_text="The id of the thread to merge into."
    ),
)  # fmt: skip


SUBJECT = Need(
    "subject", words("Subject of the new thread"), lambda viewer, given: clean_subject(str(given)),
    api=lambda: serializers.CharField(required=False, max_length=SUBJECT_LIMIT, help_text="Of the new thread."),
)  # fmt: skip
SPLIT_TOPIC = Need(
    "topic", words("Topic"), lambda viewer, given: _read_topic(viewer, given) if given else None, choices=_topics,
    api=TOPIC.api, required=False, optional=True, empty=words("The same topic"),
)  # fmt: skip
MOVE_INTO = Need("into", words("Thread to move the replies to"), INTO.read, api=INTO.api)
ONWARD = Need(
    "onward", words("Which replies"), lambda viewer, given: given in (True, "yes"), required=False, optional=True,
    choices=lambda: [("", _("Only the selected replies")), ("yes", _("All replies from the first selected one on"))],
    api=lambda: serializers.BooleanField(required=False, help_text="Also every reply after the first one given."),
)  # fmt: skip


def _ask_before_moving(thread: Thread, given: Facts) -> str:
    topic = given["topic"]
    if not thread.solution_id or topic.solutions_enabled:
        return ""
    return _(
        "This question is solved, and %(topic)s is a topic without solutions. The solution is no longer marked there. "
        "Move the thread back to mark it again. Points stay."
    ) % {"topic": topic.name}


def _ask_before_deleting_thread(thread: Thread, given: Facts) -> str:
    return _("Only moderators can read a deleted thread. You can restore it at any time.")


def _ask_before_deleting_post(post: Post, given: Facts) -> str:
    return _("Only moderators can read a deleted reply. You can restore it at any time.")


def _ask_before_redacting(post: Post, given: Facts) -> str:
    return _("The text of every earlier version is removed for good. Nobody can restore it.")


def _found(model: type[Any], pk: int) -> Any:
    found = model._default_manager.filter(pk=pk).first()
    if found is None:
        raise Conflict(str(GONE))
    return found


def _move_back(actor: Profile, thread: Thread, before: Facts, reason: str) -> None:
    threads.move_thread(actor, thread, topic=_found(Topic, before["topic"]), reason=reason)


def _merge_again(actor: Profile, thread: Thread, before: Facts, reason: str) -> None:
    merging.merge_thread(actor, thread, into=_found(Thread, before["merged_into"]), reason=reason)


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


def _is_there(post: Post, before: Facts, after: Facts) -> bool:
    return post.thread_id == after.get("thread")


def _put_back(actor: Profile, post: Post, before: Facts, reason: str) -> None:
    splitting.put_back(actor, post, reason=reason)


def _review_again(actor: Profile, post: Post, before: Facts, reason: str) -> None:
    review.review_again(actor, post)


THREAD_VERBS = (
    Verb(
        "archive", words("Archive"), threads.archive_thread, words("Thread archived."), "thread.archived",
        words("%(actor)s archived %(target)s"), words("Your thread “%(subject)s” was archived"), undo="unarchive",
        holds="archived_at", state="archived", help_text="Removed from lists and search; the page still opens.", icon="archive",
    ),
    Verb(
        "unarchive", words("Unarchive"), threads.unarchive_thread, words("Thread unarchived."), "thread.restored",
        words("%(actor)s unarchived %(target)s"), words("Your thread “%(subject)s” is no longer archived"), undo="archive",
        icon="archive", aliases=("restore",),
    ),
    Verb(
        "lock", words("Lock"), threads.lock_thread, words("Thread locked."), "thread.locked",
        words("%(actor)s locked %(target)s"), words("Your thread “%(subject)s” was locked: nobody can reply"), undo="unlock",
        holds="locked_at", state="locked", help_text="Only moderators can reply.", icon="lock",
    ),
    Verb(
        "unlock", words("Unlock"), threads.unlock_thread, words("Thread unlocked."), "thread.unlocked",
        words("%(actor)s unlocked %(target)s"), words("Your thread “%(subject)s” is open for replies again"), undo="lock",
        icon="lock",
    ),
    Verb(
        "pin", words("Pin"), threads.pin_thread, words("Thread pinned."), "thread.pinned",
        words("%(actor)s pinned %(target)s"), undo="unpin", holds="pinned_at", state="pinned",
        help_text="First in its topic.", icon="pin",
    ),
    Verb(
        "unpin", words("Unpin"), threads.unpin_thread, words("Thread unpinned."), "thread.unpinned",
        words("%(actor)s unpinned %(target)s"), undo="pin", icon="pin",
    ),
    Verb(
        "hide", words("Hide"), threads.hide_thread, words("Thread hidden."), "thread.hidden",
        words("%(actor)s hid %(target)s"), words("Your thread “%(subject)s” was hidden"), undo="unhide", holds="hidden_at",
        unless=("held_at", "private_at"), state="hidden", help_text="Visible to its author and moderators only.",
        icon="eye-off",
    ),
    Verb(
        "unhide", words("Unhide"), threads.show_thread, words("Thread unhidden."), "thread.shown",
        words("%(actor)s unhid %(target)s"), words("Your thread “%(subject)s” is visible again"), undo="hide", icon="eye",
        aliases=("show",),
    ),
    Verb(
        "make-private", words("Make private"), threads.make_private, words("Thread made private."), "thread.made-private",
        words("%(actor)s made %(target)s private"),
        words("Your thread “%(subject)s” is now visible to you and the team only"), undo="make-public", holds="private_at",
        state="private", help_text="Visible to its author and the team only (moderators).", icon="eye-off", team_only=True,
    ),
    Verb(
        "make-public", words("Make public"), threads.make_public, words("Thread made public."), "thread.made-public",
        words("%(actor)s made %(target)s public"), words("Your thread “%(subject)s” is now public"), undo="make-private",
        icon="eye", team_only=True,
    ),
    Verb(
        "move", words("Move"), threads.move_thread, words("Thread moved."), "thread.moved",
        words("%(actor)s moved %(target)s"), words("Your thread “%(subject)s” was moved to another topic"), needs=(TOPIC,),
        reversal=Reversal(lambda thread, before, after: thread.topic_id == after.get("topic"), _move_back),
        ask=_ask_before_moving,
    ),
    Verb(
        "retag", words("Change tags"), edit_thread, words("Tags changed."), "thread.edited",
        words("%(actor)s edited the subject or tags of %(target)s"), needs=(TAGS,),
        reversal=Reversal(_is_as_edited, _edit_thread_back), icon="tag",
    ),
    Verb(
        "merge", words("Merge"), merging.merge_thread, words("Thread merged."), "thread.merged",
        words("%(actor)s merged %(target)s into another thread"),
        words("Your thread “%(subject)s” was merged into another with the same question"), undo="unmerge",
        holds="merged_into_id", needs=(INTO,),
    ),
    Verb(
        "unmerge", words("Unmerge"), merging.unmerge_thread, words("Thread unmerged."), "thread.unmerged",
        words("%(actor)s unmerged %(target)s"), words("Your thread “%(subject)s” is no longer merged into another"),
        reversal=Reversal(lambda thread, before, after: not thread.merged_into_id, _merge_again),
    ),
    Verb(
        "delete", words("Delete"), delete_thread, words("Thread deleted."), "thread.deleted",
        words("%(actor)s deleted %(target)s"), words("Your thread “%(subject)s” was deleted"), undo="undelete",
        holds="deleted_at", state="deleted", help_text="Only moderators can read it (moderators).", icon="x",
        ask=_ask_before_deleting_thread, team_only=True,
    ),
    Verb(
        "undelete", words("Restore"), undelete_thread, words("Thread restored."), "thread.undeleted",
        words("%(actor)s restored %(target)s"), words("Your thread “%(subject)s” was restored"), undo="delete",
        team_only=True,
    ),
)  # fmt: skip
POST_VERBS = (
    Verb(
        "hide", words("Hide"), posts.hide_post, words("Reply hidden."), "post.hidden",
        words("%(actor)s hid a reply in %(target)s"), words("Your reply in “%(subject)s” was hidden"), undo="unhide",
        holds="hidden_at", unless=("held_at",), state="hidden", help_text="Visible to its author and moderators only.",
        icon="eye-off",
    ),
    Verb(
        "unhide", words("Unhide"), posts.show_post, words("Reply unhidden."), "post.shown",
        words("%(actor)s unhid a reply in %(target)s"), words("Your reply in “%(subject)s” is visible again"), undo="hide",
        icon="eye", aliases=("show",),
    ),
    Verb(
        "delete", words("Delete"), delete_post, words("Reply deleted."), "post.deleted",
        words("%(actor)s deleted a reply in %(target)s"), words("Your reply in “%(subject)s” was deleted"), undo="undelete",
        holds="deleted_at", icon="x", ask=_ask_before_deleting_post, team_only=True,
    ),
    Verb(
        "undelete", words("Restore"), undelete_post, words("Reply restored."), "post.undeleted",
        words("%(actor)s restored a reply in %(target)s"), words("Your reply in “%(subject)s” was restored"), undo="delete",
        team_only=True,
    ),
    Verb(
        "split", words("Split into a new thread"), splitting.split_replies, words("Replies moved to a new thread."),
        "post.split", words("%(actor)s split replies from %(source)s into %(target)s"),
        words("Your reply was moved to a new thread, “%(subject)s”"), reversal=Reversal(_is_there, _put_back),
        needs=(SUBJECT, SPLIT_TOPIC, ONWARD), together=True, icon="reply",
    ),
    Verb(
        "move-replies", words("Move to another thread"), splitting.move_replies, words("Replies moved."), "post.moved",
        words("%(actor)s moved replies from %(source)s to %(target)s"),
        words("Your reply was moved to “%(subject)s”"), reversal=Reversal(_is_there, _put_back),
        needs=(MOVE_INTO, ONWARD), together=True, icon="arrow-right",
    ),
    Verb(
        "approve", words("Approve"), review.approve_post, words("Approved."), "post.approved",
        words("%(actor)s approved a post in %(target)s"), words("Your reply in “%(subject)s” was approved"), icon="check",
        team_only=True,
    ),
    Verb(
        "trust", words("Approve and trust author"), partial(review.approve_post, trust=True), words("Approved."),
        icon="check-circle", team_only=True,
    ),
    Verb(
        "reject", words("Reject"), review.turn_down_post, words("Rejected."), "post.turned-down",
        words("%(actor)s rejected a post in %(target)s"), words("Your reply in “%(subject)s” was not approved"),
        reversal=Reversal(lambda post, before, after: bool(post.held_for and not post.held_at), _review_again),
        icon="eye-off", aliases=("turn-down",), team_only=True,
    ),
    Verb(
        "spam", words("Mark as spam"), partial(review.turn_down_post, spam=True), words("Marked as spam."), icon="flag",
        team_only=True,
    ),
    Verb(
        "review-again", words("Send back to review"), review.review_again, words("Sent back to review."), "post.reopened",
        words("%(actor)s sent a post in %(target)s back to review"), team_only=True,
    ),
    Verb(
        "redact", words("Remove the text of earlier versions"), redact_revisions, words("Earlier versions removed."),
        "post.redacted", words("%(actor)s removed text from an earlier version in %(target)s"),
        words("Text was removed from an earlier version of your post in “%(subject)s”"),
        ask=_ask_before_redacting, team_only=True,
    ),
)  # fmt: skip

THREAD = TARGETS.add("thread", Target("thread", reachable_threads, without_notice))
THREAD.add(*THREAD_VERBS)
POST = TARGETS.add("post", Target("post", reachable_posts, without_notice))
POST.add(*POST_VERBS)
REVERSALS.add("post.edited", Reversal(_is_last_edit, _edit_post_back))
SENTENCES.add("post.moved-back", words("%(actor)s moved replies back to %(target)s"))
NOTICES.add("post.moved-back", words("Your reply is back in “%(subject)s”"))
NOTICES.add("thread.approved", words("Your thread “%(subject)s” was approved"))
NOTICES.add("thread.turned-down", words("Your thread “%(subject)s” was not approved"))
