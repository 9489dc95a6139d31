"""The tools on a thread's page: one thing at a time, with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.forms import split_tags
from forums.models import Thread, Topic
from forums.views.posts import signed_in, try_action
from moderation.actions import merging, posts, threads
from moderation.queries.targets import find_thread, reachable_posts, reachable_threads
from profiles.models import Profile

ACTIONS = {
    "archive": threads.archive_thread,
    "unarchive": threads.unarchive_thread,
    "lock": threads.lock_thread,
    "unlock": threads.unlock_thread,
    "pin": threads.pin_thread,
    "unpin": threads.unpin_thread,
    "hide": threads.hide_thread,
    "show": threads.show_thread,
    "make-private": threads.make_private,
    "make-public": threads.make_public,
    "unmerge": merging.unmerge_thread,
    "delete": delete_thread,
    "undelete": undelete_thread,
}
UNDO = {
    "archive": "unarchive", "lock": "unlock", "pin": "unpin", "hide": "show", "make-private": "make-public", "merge": "unmerge",
    "delete": "undelete", "unarchive": "archive", "unlock": "lock", "unpin": "pin", "show": "hide",
}  # fmt: skip


@require_POST
@signed_in
def thread_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing to a thread, with a reason; the toast can undo it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    thread = get_object_or_404(reachable_threads(viewer), pk=pk)
    wanted = request.POST.get("do") or request.GET.get("do", "")
    reason = request.POST.get("reason", "")[:300]
    action, given = ACTIONS.get(wanted), {}
    try:
        if action is None:
            action, given = _with_more(wanted, request, viewer)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(thread.get_absolute_url())
    if try_action(request, "", action, viewer, thread, reason=reason, **given):
        undo = f"undo:/moderation/threads/{pk}/?do={UNDO[wanted]}" if wanted in UNDO else ""
        messages.success(request, _("Done."), extra_tags=undo)
    thread = Thread.objects.get(pk=pk)
    return redirect(f"{thread.get_absolute_url()}{'?duplicate=1' if thread.merged_into_id else ''}")


def _with_more(wanted: str, request: HttpRequest, viewer: Profile) -> tuple[Any, dict[str, Any]]:
    if wanted == "move":
        return threads.move_thread, {"topic": get_object_or_404(Topic, slug=request.POST.get("topic", ""))}
    if wanted == "retag":
        return edit_thread, {"tags": split_tags(request.POST.get("tags", "")[:250])}
    if wanted == "merge":
        return merging.merge_thread, {"into": find_thread(request.POST.get("into", ""), viewer)}
    raise PermissionDenied(_("That is no tool of this page."))


@require_POST
@signed_in
def post_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide or show a reply."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    post = get_object_or_404(reachable_posts(viewer), pk=pk)
    hide = (request.POST.get("hidden") or request.GET.get("hidden")) != "off"
    action = posts.hide_post if hide else posts.show_post
    if try_action(request, "", action, viewer, post, reason=request.POST.get("reason", "")[:300]):
        messages.success(request, _("Done."), extra_tags=f"undo:/moderation/posts/{pk}/?hidden={'off' if hide else 'on'}")
    return redirect(post.get_absolute_url())
