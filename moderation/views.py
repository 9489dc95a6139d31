"""The tools on a thread's page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from forums.models import Post, Thread, Topic
from forums.views.posts import signed_in, try_action
from moderation.actions import posts, threads

ACTIONS = {
    "archive": threads.archive_thread,
    "unarchive": threads.unarchive_thread,
    "lock": threads.lock_thread,
    "unlock": threads.unlock_thread,
    "pin": threads.pin_thread,
    "unpin": threads.unpin_thread,
    "hide": threads.hide_thread,
    "show": threads.show_thread,
}


@require_POST
@signed_in
def thread_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing to a thread, with a reason."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    thread = get_object_or_404(Thread, pk=pk)
    wanted, reason = request.POST.get("do", ""), request.POST.get("reason", "")[:300]
    if wanted == "move":
        topic = get_object_or_404(Topic, slug=request.POST.get("topic", ""))
        try_action(request, _("Moved."), threads.move_thread, viewer, thread, topic=topic, reason=reason)
    elif wanted in ACTIONS:
        try_action(request, _("Done."), ACTIONS[wanted], viewer, thread, reason=reason)
    else:
        raise PermissionDenied(_("That is no tool of this page."))
    return redirect(thread.get_absolute_url())


@require_POST
@signed_in
def post_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide or show a reply."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    post = get_object_or_404(Post.objects.select_related("thread"), pk=pk)
    action = posts.show_post if request.POST.get("hidden") == "off" else posts.hide_post
    try_action(request, _("Done."), action, viewer, post, reason=request.POST.get("reason", "")[:300])
    return redirect(post.get_absolute_url())
