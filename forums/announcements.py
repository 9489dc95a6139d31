"""Webhook events of the forum, written to the outbox in the same transaction. Only what guests may read."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from forums.models import Post, Thread
from integrations.actions import announce
from integrations.channels import channels_for
from integrations.events import (
    POST_CREATED,
    THREAD_ARCHIVED,
    THREAD_CREATED,
    THREAD_MOVED,
    THREAD_RESTORED,
    THREAD_SOLVED,
)
from profiles.models import Profile

DECISIONS = {
    "thread.archived": THREAD_ARCHIVED,
    "thread.restored": THREAD_RESTORED,
    "thread.moved": THREAD_MOVED,
}


def announce_post(post: Post) -> None:
    """Announce a thread or a reply when it is first shown."""
    thread = post.thread
    event = THREAD_CREATED if post.number == 1 else POST_CREATED
    if not channels_for(event) or _is_secret(thread) or post.hidden_at:
        return
    if post.number == 1:
        announce(THREAD_CREATED, _thread(thread), source_key=f"thread.created:{thread.pk}")
    else:
        data = {
            "post": _post(post),
            "thread": _thread(thread),
            "url": f"{settings.SITE_URL}{post.get_absolute_url()}",
        }
        announce(POST_CREATED, data, source_key=f"post.created:{post.pk}")


def announce_solution(post: Post) -> None:
    """Announce a solution."""
    thread = post.thread
    if not channels_for(THREAD_SOLVED) or _is_secret(thread) or thread.solved_at is None:
        return
    data = {**_thread(thread), "solution": _post(post)}
    announce(THREAD_SOLVED, data, source_key=f"thread.solved:{post.pk}:{thread.solved_at.timestamp():.6f}")


def announce_decision(action: str, thread: Thread, log_id: int) -> None:
    """Announce a moderation decision about a public thread; `log_id` is its log entry."""
    event = DECISIONS.get(action)
    if event is not None and channels_for(event) and not _is_secret(thread):
        announce(event, _thread(thread), source_key=f"{event}:{log_id}")


def _is_secret(thread: Thread) -> bool:
    return bool(thread.hidden_at or thread.deleted_at or thread.private_at or thread.held_at)


def _thread(thread: Thread) -> dict[str, Any]:
    return {
        "id": thread.pk,
        "subject": thread.subject,
        "url": f"{settings.SITE_URL}{thread.get_absolute_url()}",
        "topic": thread.topic.slug,
        "tags": list(thread.tag_names),
        "author": _person(thread.author),
        "docs_page": thread.docs_page,
        "created_at": thread.created_at.isoformat(),
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "number": post.number,
        "author": _person(post.author),
        "created_at": post.created_at.isoformat(),
    }


def _person(profile: Profile) -> dict[str, Any]:
    return {"id": profile.pk, "name": profile.name, "url": f"{settings.SITE_URL}{profile.get_absolute_url()}"}
