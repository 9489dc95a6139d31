"""Asking, and what the asker may change afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from forums import bodies, counters, gate, permissions
from forums.actions.changing import changing, locked
from forums.actions.holding import recheck
from forums.actions.posts import DIRECT, attach, require_reason, write_revision
from forums.actions.publishing import published
from forums.actions.subscriptions import follow
from forums.actions.tags import clean_tag_names, find_or_make
from forums.docs import BadPage, page_url
from forums.indexing import index_posts
from forums.models import Draft, Post, Thread, ThreadRead, Topic
from forums.models.thread import SUBJECT_LIMIT
from forums.notifications import notify_decision
from forums.queries.docs import moved_to
from forums.slugs import free_slug, move_slug, numbered_slug
from profiles.models import Profile
from profiles.restrictions import why_no_contact

REPEAT_WINDOW = timedelta(minutes=10)


def ask(
    author: Profile,
    *,
    topic: Topic,
    subject: str,
    body: str,
    tags: Sequence[str] = (),
    docs_page: str = "",
    page_only: bool = False,
    private: bool = False,
    arrival: gate.Arrival = DIRECT,
) -> Thread:
    """Open a thread. The same author sending the same again within ten minutes gets the first thread back.

    A private thread is for its author and the team; one that awaits approval is hidden. A thread of a docs
    page may appear under that page only.

    Raises PermissionDenied, or ValidationError by field.
    """
    permissions.require_writer(author)
    subject = clean_subject(subject)
    names = clean_tag_names(tags)
    docs_page = clean_docs_page(docs_page)
    prepared = bodies.prepare(body)
    permissions.refuse_if(why_no_contact(author, prepared.mention_ids))
    with transaction.atomic():
        _serialise(author)
        if (again := _same_again(author, topic, subject, prepared.stored)) is not None:
            return again
        screening = gate.screen(
            gate.Submission(
                gate.THREAD, author, topic, prepared.stored, prepared.html, subject,
                mentions=len(prepared.mention_ids), arrival=arrival,
            )
        )  # fmt: skip
        found = find_or_make(names)
        now = timezone.now()
        marks = screening.marks(now)
        thread = insert_thread(
            Thread(
                topic=topic, author=author, subject=subject, docs_page=docs_page,
                page_only=page_only and bool(docs_page), created_at=now, last_activity_at=now,
                is_question=topic.solutions_enabled, tag_names=[tag.name for tag in found], participant_ids=[author.pk],
                hot_score=counters.hot_score(votes=0, helpers=0, created_at=now),
                hidden_at=now if marks or private else None, held_at=now if marks else None,
                private_at=now if private else None, private_by=author if private else None,
            )
        )  # fmt: skip
        with changing(thread, new=True):
            thread.tags.set(found)
            post = Post.objects.create(
                thread=thread, number=1, author=author, body=prepared.stored, body_html=prepared.html,
                renderer_version=prepared.version, created_at=now, by_team=author.team_id is not None, **marks,
            )  # fmt: skip
            attach(post, prepared)
            index_posts([post])
        follow(author, thread)
        ThreadRead.objects.create(profile=author, thread=thread, number=1)
        Draft.objects.filter(profile=author, key="ask").delete()
        post.thread = thread
        screening.keep(post)
        if not marks:
            published(post)
    return thread


def clean_docs_page(given: str) -> str:
    """Return the canonical URL the page has now. Raises ValidationError."""
    if not given:
        return ""
    try:
        return moved_to(page_url(given))
    except BadPage as refusal:
        raise ValidationError({"docs_page": str(refusal)}) from refusal


def edit_thread(
    actor: Profile | None,
    thread: Thread,
    *,
    subject: str | None = None,
    tags: Sequence[str] | None = None,
    reason: str = "",
) -> Thread:
    """Change subject and tags; a changed subject makes a new permalink and the old one redirects."""
    names = clean_tag_names(tags) if tags is not None else None
    new_subject = clean_subject(subject) if subject is not None else None
    with transaction.atomic():
        thread = locked(thread.pk)
        permissions.refuse_if(permissions.why_not_edit_thread(actor, thread))
        assert actor is not None
        before = {"subject": thread.subject, "tags": list(thread.tag_names)}
        found = find_or_make(names) if names is not None else None
        after = {
            "subject": new_subject or thread.subject,
            "tags": [tag.name for tag in found] if found is not None else before["tags"],
        }
        if after == before:
            return thread
        if after["subject"] != before["subject"]:
            require_reason(actor, thread.author_id, reason)
        opening = thread.posts.get(number=1)
        write_revision(opening, thread=thread, reason=reason)
        with changing(thread):
            thread.edited_at = timezone.now()
            if new_subject and new_subject != thread.subject:
                thread.subject = new_subject
                move_slug(thread)
            if found is not None:
                thread.tags.set(found)
                thread.tag_names = after["tags"]
            thread.save(update_fields=["subject", "slug", "tag_names", "edited_at"])
            opening.edited_at, opening.edited_by = thread.edited_at, actor
            opening.save(update_fields=["edited_at", "edited_by"])
        recheck(actor, opening, thread)
        if actor.pk != thread.author_id:
            record(
                "thread.edited",
                actor_id=actor.pk,
                target=f"thread:{thread.pk}",
                before=before,
                after=after,
                reason=reason,
            )
    return thread


def delete_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Delete a thread: gone for all but moderators, and can be undone."""
    return _set_deleted(actor, thread, deleted=True, reason=reason)


def undelete_thread(actor: Profile | None, thread: Thread, *, reason: str = "") -> Thread:
    """Undo `delete_thread`."""
    return _set_deleted(actor, thread, deleted=False, reason=reason)


def clean_subject(subject: str) -> str:
    """Return a subject on one line. Raises ValidationError({"subject": sentence})."""
    subject = " ".join(bodies.clean_text(subject).split())
    if not any(char.isalnum() for char in subject):
        raise ValidationError({"subject": _("Add a subject: one line that says what the thread is about.")})
    if len(subject) > SUBJECT_LIMIT:
        raise ValidationError(
            {
                "subject": _("Shorten the subject to %(limit)d characters (now %(count)d).")
                % {"limit": SUBJECT_LIMIT, "count": len(subject)}
            }
        )
    return subject


def _set_deleted(actor: Profile | None, thread: Thread, *, deleted: bool, reason: str) -> Thread:
    with transaction.atomic():
        thread = locked(thread.pk)
        if deleted:
            permissions.refuse_if(permissions.why_not_delete_thread(actor, thread))
        else:
            permissions.refuse_if(permissions.why_not_undelete(actor, thread))
        assert actor is not None
        if bool(thread.deleted_at) == deleted:
            return thread
        with changing(thread):
            thread.deleted_at, thread.deleted_by = (timezone.now(), actor) if deleted else (None, None)
            thread.save(update_fields=["deleted_at", "deleted_by"])
        name = "thread.deleted" if deleted else "thread.undeleted"
        record(name, actor_id=actor.pk, target=f"thread:{thread.pk}", before={}, after={}, reason=reason)
        if actor.pk != thread.author_id:
            notify_decision(actor, name, thread, reason=reason)
    return thread


def _serialise(author: Profile) -> None:
    """Let one author ask one thing at a time, so that a double submit finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(101, %s)", [author.pk % 2**31])


def _same_again(author: Profile, topic: Topic, subject: str, stored: str) -> Thread | None:
    since = timezone.now() - REPEAT_WINDOW
    recent = Thread.objects.filter(
        author=author, topic=topic, subject=subject, created_at__gte=since, deleted_at=None
    )
    return recent.filter(posts__number=1, posts__body=stored).first()


def insert_thread(thread: Thread) -> Thread:
    """Save a new thread under a permalink of its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('forums_thread', 'id'))")
        thread.pk = cursor.fetchone()[0]
    thread.slug = free_slug(thread)
    try:
        with transaction.atomic():
            thread.save(force_insert=True)
    except IntegrityError:  # somebody took the slug a moment ago
        thread.slug = numbered_slug(thread)
        thread.save(force_insert=True)
    return thread
