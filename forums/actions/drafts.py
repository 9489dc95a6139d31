"""What is typed and not yet posted: members' drafts, and guests' pending posts."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib import markdown
from forums import bodies, permissions
from forums.actions.posts import post_reply
from forums.actions.threads import ask
from forums.gate import Arrival
from forums.models import Draft, PendingPost, Post, Thread, Topic, Upload
from profiles.models import Profile

DRAFTS_LIMIT = 100
PENDING_LIFE = timedelta(days=7)
LENGTHS = {"subject": 200, "topic_slug": 80, "tags": 250, "docs_page": 500}


def save_draft(profile: Profile, key: str, **fields: str) -> Draft | None:
    """Keep what `profile` has typed under `key` (`ask` or `thread:<id>`); an empty one is discarded."""
    permissions.require_writer(profile)
    kept = {name: bodies.clean_text(fields.get(name, ""))[:length] for name, length in LENGTHS.items()}
    kept["body"] = bodies.clean_text(fields.get("body", ""))[: 2 * markdown.BODY_LIMIT]
    if not kept["body"].strip() and not kept["subject"].strip():
        discard_draft(profile, key)
        return None
    own = Draft.objects.filter(profile=profile)
    if not own.filter(key=key).exists() and own.count() >= DRAFTS_LIMIT:
        raise ValidationError(
            _("You have %(count)d drafts. Delete some to save more.") % {"count": DRAFTS_LIMIT}
        )
    draft, _made = Draft.objects.update_or_create(
        profile=profile, key=key[:40], defaults={**kept, "updated_at": timezone.now()}
    )
    return draft


def discard_draft(profile: Profile, key: str) -> None:
    """Forget a draft."""
    Draft.objects.filter(profile=profile, key=key).delete()


def keep_for_guest(
    *,
    thread: Thread | None = None,
    subject: str = "",
    topic_slug: str = "",
    tags: str = "",
    body: str = "",
    docs_page: str = "",
    private: bool = False,
    trapped: bool = False,
) -> str:
    """Keep a guest's post while they sign in. Returns the token; only its digest is stored."""
    body = bodies.clean_text(body)
    if not body.strip():
        raise ValidationError({"body": _("Write something first.")})
    if len(body) > markdown.BODY_LIMIT:
        raise ValidationError(
            {"body": _("Shorten your text to %(count)d characters.") % {"count": markdown.BODY_LIMIT}}
        )
    token = secrets.token_urlsafe(32)
    PendingPost.objects.create(
        digest=digest(token), thread=thread, subject=bodies.clean_text(subject)[:200], topic_slug=topic_slug[:80],
        tags=tags[:250], body=body, docs_page=docs_page[:500], private=private, trapped=trapped,
    )  # fmt: skip
    return token


def pending_of(token: str) -> PendingPost | None:
    """Return what a guest wrote and has not posted yet, with its thread, or None."""
    if not token:
        return None
    fresh = PendingPost.objects.filter(
        posted=None, claimed_by=None, created_at__gte=timezone.now() - PENDING_LIFE
    )
    return fresh.filter(digest=digest(token)).select_related("thread").first()


def post_pending(profile: Profile, token: str, *, guest_token: str = "", address: str = "") -> Post:
    """Post what a guest wrote before signing in; once, however often it is asked.

    Raises PendingPost.DoesNotExist for an unknown token, and what `ask` and `post_reply` raise.
    """
    with transaction.atomic():
        pending = (
            PendingPost.objects.select_for_update(of=("self",))
            .select_related("thread", "posted")
            .get(digest=digest(token), created_at__gte=timezone.now() - PENDING_LIFE)
        )
        if pending.claimed_by_id not in (None, profile.pk):
            raise PendingPost.DoesNotExist
        if pending.posted is not None:
            return pending.posted
        adopt_uploads(profile, guest_token)
        arrival = Arrival("page", address, trapped=pending.trapped)
        if pending.thread is not None:
            post = post_reply(profile, pending.thread, body=pending.body, arrival=arrival)
        else:
            topic = Topic.objects.filter(slug=pending.topic_slug).first()
            if topic is None:
                raise ValidationError({"topic": _("Choose a topic.")})
            thread = ask(
                profile, topic=topic, subject=pending.subject, body=pending.body,
                tags=pending.tags.replace(",", " ").split(), docs_page=pending.docs_page,
                private=pending.private, arrival=arrival,
            )  # fmt: skip
            post = thread.posts.get(number=1)
        pending.posted, pending.claimed_by = post, profile
        pending.save(update_fields=["posted", "claimed_by"])
    return post


def turn_pending_into_draft(profile: Profile, token: str) -> Draft | None:
    """Keep a pending post that was refused (its thread was locked, its topic is gone) as a draft: nothing
    typed is lost.
    """
    pending = PendingPost.objects.filter(digest=digest(token), posted=None).first()
    if pending is None or pending.claimed_by_id not in (None, profile.pk):
        return None
    key = f"thread:{pending.thread_id}" if pending.thread_id else "ask"
    return save_draft(
        profile, key, subject=pending.subject, topic_slug=pending.topic_slug, tags=pending.tags, body=pending.body,
        docs_page=pending.docs_page,
    )  # fmt: skip


def adopt_uploads(profile: Profile, guest_token: str) -> None:
    """Give a guest's pictures to the member they became."""
    if guest_token:
        Upload.objects.filter(guest_digest=digest(guest_token), owner=None).update(
            owner=profile, guest_digest=""
        )


def digest(token: str) -> str:
    """Return the SHA-256 of a token, in hex: what is stored of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
