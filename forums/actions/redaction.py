"""Removing the text of earlier versions for good: a phone number, a key, what was pasted by mistake.

The version stays, with its number, author and time; its text leaves every table that holds it. Mails that
were sent are out.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from community.audit.actions import erase_words_about
from forums import permissions
from forums.actions.changing import locked_post, outdate
from forums.actions.posts import require_reason
from forums.models import Post, Revision, Thread, ThreadSlug
from forums.notifications import notify_decision
from forums.slugs import base_slug
from points.actions.ledger import rename_sources
from profiles.actions.keys import forget_answers
from profiles.actions.notifications import rename_told
from profiles.models import Profile


def redact_revision(actor: Profile | None, post: Post, number: int, *, reason: str = "") -> Revision:
    """Remove the text of one earlier version.

    Moderators say why. Raises PermissionDenied, ValidationError, Http404.
    """
    return _redact(actor, post, [number], reason)[0]


def redact_revisions(actor: Profile | None, post: Post, *, reason: str = "") -> list[Revision]:
    """Remove the text of every earlier version.

    Raises PermissionDenied, and ValidationError when there is none.
    """
    numbers = list(post.revisions.filter(redacted_at=None).values_list("number", flat=True))
    if not numbers:
        raise ValidationError(_("This post has no earlier versions."))
    return _redact(actor, post, numbers, reason)


def _redact(actor: Profile | None, post: Post, numbers: list[int], reason: str) -> list[Revision]:
    with transaction.atomic():
        post = locked_post(post)
        thread = post.thread
        permissions.refuse_if(permissions.why_not_redact(actor, post))
        assert actor is not None
        known = [number for number in numbers if number < 2**31]
        revisions = list(
            post.revisions.select_for_update(of=("self",)).filter(number__in=known).order_by("number")
        )
        if not revisions:
            raise Http404
        waiting = [one for one in revisions if one.redacted_at is None]
        if not waiting:
            return revisions
        require_reason(actor, post.author_id, reason)
        subjects = {one.subject for one in waiting if one.subject and one.subject != thread.subject}
        for revision in waiting:
            revision.body, revision.subject, revision.tag_names = "", "", None
            revision.redacted_at, revision.redacted_by = timezone.now(), actor
            revision.save(update_fields=["body", "subject", "tag_names", "redacted_at", "redacted_by"])
        slugs = [slug for subject in sorted(subjects) for slug in _forget_subject(thread, subject)]
        forget_answers(post.author_id)
        versions = {"revision": [one.number for one in waiting]}
        record(
            "post.redacted",
            actor_id=actor.pk,
            target=f"post:{post.pk}",
            before=versions,
            after={},
            reason=reason,
        )
        notify_decision(actor, "post.redacted", thread, post, reason=reason)
        outdate(thread, *slugs)
    return revisions


def _forget_subject(thread: Thread, subject: str) -> list[str]:
    """Forget a subject the thread had: permalinks made of it, and what titles and the log say.

    Returns those slugs.
    """
    base = base_slug(subject)
    old = ThreadSlug.objects.filter(thread=thread, slug__in=[base, f"{base}-{thread.pk}"])
    slugs = list(old.values_list("slug", flat=True))
    old.delete()
    posts = [f"post:{pk}" for pk in thread.posts.values_list("pk", flat=True)]
    erase_words_about(subject, targets=[f"thread:{thread.pk}", *posts])
    here = thread.get_absolute_url()
    for url in {here, *(f"/questions/{slug}/" for slug in slugs)}:
        rename_told(url, here, subject, thread.subject)
    rename_sources(posts, subject, thread.subject, here)
    return slugs
