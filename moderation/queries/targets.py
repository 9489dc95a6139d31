"""What the tools work on, and finding what a moderator names: by number, #number, permalink or whole address."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from community.audit.models import LogEntry
from forums.models import Post, Thread, ThreadQuerySet, ThreadSlug
from forums.models.post import PostQuerySet
from profiles.models import Profile
from profiles.permissions import is_moderator

_ADDRESS = re.compile(r"(?:^|/)questions/([-\w]+)")


def find_thread(named: str, viewer: Profile | None) -> Thread:
    """Return the thread `named`, if its page opens for `viewer`. Raises ValidationError({"into": sentence})."""
    word = named.strip().removeprefix("#")
    if found := _ADDRESS.search(word):
        word = found[1]
    threads = Thread.objects.visible_to(viewer)
    thread = None
    if word.isascii() and word.isdecimal() and len(word) < 18:
        thread = threads.filter(pk=int(word)).first()
    elif word and "\x00" not in word and len(word) <= 120:
        old = ThreadSlug.objects.filter(slug=word).values("thread")
        thread = threads.filter(slug=word).first() or threads.filter(pk__in=old).first()
    if thread is None:
        raise ValidationError({"into": _("Thread not found. Enter its number or URL.")})
    return thread


def find_entry(pk: int, viewer: Profile) -> tuple[LogEntry, Thread | Post]:
    """Return an entry of the log and the thread or post it is about: moderators any, champions their own. Raises Http404."""
    entry = get_object_or_404(LogEntry.objects.select_related("detail"), pk=pk)
    kind, _colon, number = entry.target.partition(":")
    rows: QuerySet[Any] | None = {"thread": reachable_threads, "post": reachable_posts}.get(
        kind, lambda _viewer: None
    )(viewer)
    if rows is None or not number.isdecimal() or not (is_moderator(viewer) or entry.actor_id == viewer.pk):
        raise Http404
    return entry, get_object_or_404(rows, pk=int(number))


def reachable_threads(viewer: Profile) -> ThreadQuerySet:
    """Return the threads the tools work on: champions reach hidden ones, and none that is private, deleted or in review."""
    if is_moderator(viewer):
        return Thread.objects.all()
    rejected = Post.objects.filter(thread=OuterRef("pk"), number=1, held_for__isnull=False)
    return Thread.objects.filter(~Exists(rejected), private_at=None, deleted_at=None, held_at=None)


def reachable_posts(viewer: Profile) -> PostQuerySet:
    """Return the posts the tools work on, with thread and author: champions reach those `reachable_threads` shows them."""
    posts = Post.objects.select_related("thread", "author__team")
    if is_moderator(viewer):
        return posts
    threads = reachable_threads(viewer).visible_to(viewer)
    return posts.filter(deleted_at=None, held_at=None, held_for__isnull=True, thread__in=threads)
