"""The edit history of a post, and removing the text of an earlier version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib.refusals import try_action
from forums import permissions
from forums.actions.redaction import redact_revision
from forums.bodies import editable_all
from forums.diffs import SAME, Part, diff
from forums.models import Post, Revision
from forums.views.threads import page_number
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in

VERSIONS_PER_PAGE = 10  # each is compared with the one before it


@dataclass(frozen=True)
class Version:
    """One version of a post on the page. `reason` is why it was written; a redacted version has no text."""

    number: int
    author: Profile | None
    at: datetime
    reason: str
    subject: str
    tags: Sequence[str]
    parts: Sequence[Part]
    is_redacted: bool
    is_current: bool


@require_safe
def post_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Earlier versions of a post, newest first, with what each edit changed."""
    viewer = request.viewer
    rows = Post.objects.visible_to(viewer).select_related("thread", "author", "edited_by")
    post = get_object_or_404(rows, pk=pk)
    total = post.revisions.count() + 1
    page = min(page_number(request), (total - 1) // VERSIONS_PER_PAGE + 1)
    first = (page - 1) * VERSIONS_PER_PAGE
    context = {
        "area": "questions",
        "post": post,
        "thread": post.thread,
        "versions": _versions(post, first),
        "may_redact": permissions.why_not_redact(viewer, post) is None,
        "needs_reason": viewer is not None and viewer.pk != post.author_id,
        "newer": page - 1,
        "older": page + 1 if first + VERSIONS_PER_PAGE < total else 0,
    }
    response = render(request, "forums/history.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@signed_in
def post_redact(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Permanently remove the text of an earlier version."""
    viewer = request.viewer
    post = get_object_or_404(Post.objects.visible_to(viewer).select_related("thread"), pk=pk)
    reason = request.POST.get("reason", "")[:200]
    done = _("Text of version %(n)d removed.") % {"n": number}
    try_action(request, done, redact_revision, viewer, post, number, reason=reason)
    return redirect("post-history", pk)


def _versions(post: Post, first: int) -> list[Version]:
    """Return a page of versions from the `first` newest on: two queries, however many."""
    # One more than is shown: the oldest is compared with the one before it, which has the edit's reason.
    older = list(
        post.revisions.select_related("author").order_by("-number")[
            max(first - 1, 0) : first + VERSIONS_PER_PAGE
        ]
    )
    rows = older if first else [_current(post, older), *older]
    bodies = editable_all([row.body for row in rows])
    found = []
    for place, row in enumerate(rows[:VERSIONS_PER_PAGE]):
        before = rows[place + 1] if place + 1 < len(rows) else None
        compared = before is not None and not (before.redacted_at or row.redacted_at)
        parts = diff(bodies[place + 1], bodies[place]) if compared else [Part(SAME, bodies[place])]
        found.append(
            Version(
                row.number,
                row.author,
                row.created_at,
                before.reason if before else "",
                row.subject,
                row.tag_names or (),
                parts,
                is_redacted=row.redacted_at is not None,
                is_current=row.pk is None,
            )
        )
    return found


def _current(post: Post, older: Sequence[Revision]) -> Revision:
    """Return the current text as an unsaved version."""
    opening = post.number == 1
    return Revision(
        post=post,
        number=older[0].number + 1 if older else 1,
        body=post.body,
        author=post.edited_by or post.author,
        subject=post.thread.subject if opening else "",
        tag_names=list(post.thread.tag_names) if opening else None,
        created_at=post.edited_at or post.created_at,
    )
