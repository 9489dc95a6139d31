"""Replying, editing with history, deleting with undo."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.lib import markdown
from forums import bodies, counters, gate, permissions
from forums.actions.changing import changing, locked, locked_post
from forums.actions.holding import recheck
from forums.actions.publishing import published
from forums.actions.subscriptions import take_part
from forums.indexing import index_reply
from forums.models import Mention, Post, Revision, Thread, ThreadReference, Upload
from forums.notifications import notify_decision, notify_mentions
from profiles.models import Profile
from profiles.permissions import is_moderator
from profiles.restrictions import why_no_contact

DIRECT = gate.Arrival(channel="direct")
REPEAT_LOOKBACK = 5  # newest posts of a thread among which a double submit is looked for


def post_reply(
    author: Profile | None,
    thread: Thread,
    *,
    body: str,
    reply_to: Post | None = None,
    arrival: gate.Arrival = DIRECT,
) -> Post:
    """Add a reply.

    Sending the same again right away returns the first reply. One that awaits approval is hidden.

    Raises PermissionDenied, or ValidationError({"body": sentence}).
    """
    author = permissions.require_writer(author)
    prepared = bodies.prepare(body)
    with transaction.atomic():
        thread = locked(thread.pk)
        permissions.refuse_if(permissions.why_not_reply(author, thread))
        answered = {reply_to.author_id} if reply_to else set()
        permissions.refuse_if(why_no_contact(author, answered.union(prepared.mention_ids)))
        recent = thread.posts.filter(
            number__gt=max(1, thread.last_number - REPEAT_LOOKBACK), author=author, deleted_at=None
        )
        if (again := recent.filter(body=prepared.stored).first()) is not None:
            return again
        screening = gate.screen(
            gate.Submission(
                gate.REPLY, author, thread.topic, prepared.stored, prepared.html, thread.subject,
                mentions=len(prepared.mention_ids), thread=thread, arrival=arrival,
            )
        )  # fmt: skip
        now = timezone.now()
        with changing(thread) as change:
            post = Post.objects.create(
                thread=thread, number=thread.last_number + 1, author=author, body=prepared.stored,
                body_html=prepared.html, renderer_version=prepared.version,
                reply_to=reply_to if reply_to and reply_to.thread_id == thread.pk else None,
                created_at=now, by_team=author.team_id is not None, **screening.marks(now),
            )  # fmt: skip
            attach(post, prepared)
            _count_new_reply(thread, post)
            index_reply(thread, post)
            change.count(author.pk, reply_count=int(counters.counts(post)))
        take_part(author, thread, post.number)
        screening.keep(post)
        if post.held_at is None:
            published(post)
    return post


def edit_post(actor: Profile | None, post: Post, *, body: str, reason: str = "") -> Post:
    """Replace a body and keep its earlier version. An imported body over the limit may only get shorter."""
    permissions.refuse_if(permissions.why_not_edit_post(actor, post))
    longest = max(markdown.BODY_LIMIT, len(post.body))
    if len(body) >= len(post.body) > markdown.BODY_LIMIT and body != post.body:
        raise ValidationError(
            {
                "body": _("This post is over the limit of %(limit)d characters, so you can only shorten it.")
                % {"limit": markdown.BODY_LIMIT}
            }
        )
    prepared = bodies.prepare(body, limit=longest)
    with transaction.atomic():
        post = locked_post(post)
        thread = post.thread
        permissions.refuse_if(permissions.why_not_edit_post(actor, post))
        assert actor is not None
        if post.body == prepared.stored:
            return post
        permissions.refuse_if(why_no_contact(actor, prepared.mention_ids))
        require_reason(actor, post.author_id, reason)
        revision = write_revision(post, thread=thread, reason=reason)
        with changing(thread, post, actor=actor):
            post.body, post.body_html, post.renderer_version = (
                prepared.stored,
                prepared.html,
                prepared.version,
            )
            post.body_format = "md"
            post.edited_at, post.edited_by = timezone.now(), actor
            post.save(
                update_fields=[
                    "body",
                    "body_html",
                    "renderer_version",
                    "body_format",
                    "edited_at",
                    "edited_by",
                ]
            )
            named = attach(post, prepared)
        recheck(actor, post, thread, mentions=len(prepared.mention_ids))
        notify_mentions(post, named)
        if actor.pk != post.author_id:
            kept = {"revision": revision.number}
            record(
                "post.edited",
                actor_id=actor.pk,
                target=f"post:{post.pk}",
                before=kept,
                after={},
                reason=reason,
            )
    return post


def require_reason(actor: Profile, author_id: int, reason: str) -> None:
    """Raise ValidationError({"reason": sentence}) when `actor` changes somebody else's words without saying
    why.
    """
    if actor.pk != author_id and not reason.strip():
        raise ValidationError({"reason": _("Add a reason: everyone can read it in the edit history.")})


def delete_post(actor: Profile | None, post: Post, *, reason: str = "") -> Post:
    """Delete a reply: gone for all but moderators, and can be undone."""
    return _set_deleted(actor, post, deleted=True, reason=reason)


def undelete_post(actor: Profile | None, post: Post, *, reason: str = "") -> Post:
    """Undo `delete_post`."""
    return _set_deleted(actor, post, deleted=False, reason=reason)


def write_revision(post: Post, *, thread: Thread, reason: str = "") -> Revision:
    """Keep what a post (and with the opening post, the subject and tags) says now, before it changes."""
    opening = post.number == 1
    last = post.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        post=post,
        number=last + 1,
        body=post.body,
        subject=thread.subject if opening else "",
        tag_names=list(thread.tag_names) if opening else None,
        author_id=post.edited_by_id or post.author_id,
        created_at=post.edited_at or post.created_at,
        reason=reason,
    )


def attach(post: Post, prepared: bodies.Body) -> set[int]:
    """Store whom and what a body names, and which pictures it shows.

    Returns the profiles named for the first time.
    """
    named = _replace(Mention, post, "profile_id", {pk for pk in prepared.mention_ids if pk != post.author_id})
    _replace(ThreadReference, post, "thread_id", {pk for pk in prepared.thread_ids if pk != post.thread_id})
    if prepared.upload_names or post.edited_at:
        post.uploads.set(Upload.objects.filter(name__in=prepared.upload_names))
    return named


def _replace(
    model: type[Mention] | type[ThreadReference], post: Post, field: str, wanted: set[int]
) -> set[int]:
    rows = model._default_manager.filter(post=post)
    if model is ThreadReference:
        rows = rows.filter(kind="mention")
    present = set(rows.values_list(field, flat=True)) if post.edited_at else set()
    if gone := present - wanted:
        rows.filter(**{f"{field}__in": gone}).delete()
    if new := wanted - present:
        model._default_manager.bulk_create(
            [model(post=post, **{field: pk}) for pk in sorted(new)], ignore_conflicts=True
        )
    return new


def _count_new_reply(thread: Thread, post: Post) -> None:
    thread.last_number = post.number
    if post.held_at:
        thread.save(update_fields=["last_number"])
        return
    thread.reply_count += 1
    thread.last_activity_at = post.created_at
    if post.author_id != thread.author_id:
        thread.helper_reply_count += 1
        thread.not_solved_at = None
        thread.first_reply_at = thread.first_reply_at or post.created_at
        if post.by_team:
            thread.first_team_reply_at = thread.first_team_reply_at or post.created_at
        thread.participant_ids = counters.add_participant(
            thread.participant_ids, thread.author_id, post.author_id
        )
    thread.hot_score = counters.hot_score(
        votes=thread.vote_count, helpers=thread.helper_reply_count, created_at=thread.created_at
    )
    thread.save(
        update_fields=[
            "last_number", "reply_count", "last_activity_at", "helper_reply_count", "first_reply_at",
            "first_team_reply_at", "participant_ids", "hot_score", "not_solved_at",
        ]
    )  # fmt: skip


def _set_deleted(actor: Profile | None, post: Post, *, deleted: bool, reason: str) -> Post:
    if post.number == 1:
        raise PermissionDenied(_("The first post can’t be deleted alone. Delete the thread instead."))
    with transaction.atomic():
        post = locked_post(post)
        if deleted:
            permissions.refuse_if(permissions.why_not_delete_post(actor, post))
        else:
            permissions.refuse_if(permissions.why_not_undelete(actor, post))
        assert actor is not None
        if bool(post.deleted_at) == deleted:
            return post
        with changing(post.thread, post, actor=actor):
            post.deleted_at, post.deleted_by = (timezone.now(), actor) if deleted else (None, None)
            post.save(update_fields=["deleted_at", "deleted_by"])
        name = "post.deleted" if deleted else "post.undeleted"
        if is_moderator(actor) and actor.pk != post.author_id:
            record(name, actor_id=actor.pk, target=f"post:{post.pk}", before={}, after={}, reason=reason)
            notify_decision(actor, name, post.thread, post, reason=reason)
    return post
