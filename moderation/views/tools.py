"""The tools on a thread's page: one thing at a time, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from forums.actions.posts import delete_post, undelete_post
from forums.actions.threads import delete_thread, edit_thread, undelete_thread
from forums.forms import split_tags
from forums.models import Post, Thread, Topic
from forums.notifications import without_notice
from forums.views.posts import signed_in, try_action
from moderation.actions import merging, posts, threads
from moderation.queries.targets import find_thread, reachable_posts, reachable_threads
from moderation.undo import undo_url
from profiles.models import Profile


@dataclass(frozen=True)
class Tool:
    """`action` is what the log calls it, `done` what the page says afterwards."""

    act: Callable[..., Any]
    action: str
    done: str | Promise


THREAD_TOOLS = {
    "archive": Tool(threads.archive_thread, "thread.archived", gettext_lazy("Thread archived.")),
    "unarchive": Tool(threads.unarchive_thread, "thread.restored", gettext_lazy("Thread unarchived.")),
    "lock": Tool(threads.lock_thread, "thread.locked", gettext_lazy("Thread locked.")),
    "unlock": Tool(threads.unlock_thread, "thread.unlocked", gettext_lazy("Thread unlocked.")),
    "pin": Tool(threads.pin_thread, "thread.pinned", gettext_lazy("Thread pinned.")),
    "unpin": Tool(threads.unpin_thread, "thread.unpinned", gettext_lazy("Thread unpinned.")),
    "hide": Tool(threads.hide_thread, "thread.hidden", gettext_lazy("Thread hidden.")),
    "show": Tool(threads.show_thread, "thread.shown", gettext_lazy("Thread unhidden.")),
    "make-private": Tool(threads.make_private, "thread.made-private", gettext_lazy("Thread made private.")),
    "make-public": Tool(threads.make_public, "thread.made-public", gettext_lazy("Thread made public.")),
    "delete": Tool(delete_thread, "thread.deleted", gettext_lazy("Thread deleted.")),
    "undelete": Tool(undelete_thread, "thread.undeleted", gettext_lazy("Thread restored.")),
    "move": Tool(threads.move_thread, "thread.moved", gettext_lazy("Thread moved.")),
    "retag": Tool(edit_thread, "thread.edited", gettext_lazy("Tags changed.")),
    "merge": Tool(merging.merge_thread, "thread.merged", gettext_lazy("Thread merged.")),
    "unmerge": Tool(merging.unmerge_thread, "thread.unmerged", gettext_lazy("Thread unmerged.")),
}
POST_TOOLS = {
    "hide": Tool(posts.hide_post, "post.hidden", gettext_lazy("Reply hidden.")),
    "show": Tool(posts.show_post, "post.shown", gettext_lazy("Reply unhidden.")),
    "delete": Tool(delete_post, "post.deleted", gettext_lazy("Reply deleted.")),
    "undelete": Tool(undelete_post, "post.undeleted", gettext_lazy("Reply restored.")),
}


@require_POST
@signed_in
def thread_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing to a thread, with a reason; the toast can undo it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    thread = get_object_or_404(reachable_threads(viewer).select_related("topic", "solution"), pk=pk)
    tool = _tool(request, THREAD_TOOLS)
    try:
        given = _more(request, viewer)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(thread.get_absolute_url())
    if (warning := _warning(request, thread, given)) and "confirmed" not in request.POST:
        return _ask(request, thread, warning)
    _use(request, tool, thread, f"thread:{pk}", given)
    thread = Thread.objects.get(pk=pk)
    return redirect(f"{thread.get_absolute_url()}{'?duplicate=1' if thread.merged_into_id else ''}")


@require_POST
@signed_in
def post_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide or delete a reply, or undo it, with a reason."""
    viewer = request.viewer  # type: ignore[attr-defined]
    threads.require_moderation(viewer)
    post = get_object_or_404(reachable_posts(viewer), pk=pk)
    tool = _tool(request, POST_TOOLS)
    if request.POST["do"] == "delete" and "confirmed" not in request.POST:
        return _ask(request, post, _("Only moderators can read a deleted reply. You can restore it at any time."))
    _use(request, tool, post, f"post:{pk}", {})
    return redirect(post.get_absolute_url())


def _tool(request: HttpRequest, tools: dict[str, Tool]) -> Tool:
    tool = tools.get(request.POST.get("do", ""))
    if tool is None:
        raise PermissionDenied(_("This action isn’t available here."))
    return tool


def _use(request: HttpRequest, tool: Tool, thing: Thread | Post, target: str, given: dict[str, Any]) -> None:
    viewer, reason = request.viewer, request.POST.get("reason", "")[:300]  # type: ignore[attr-defined]
    with without_notice("quiet" in request.POST):
        ok = try_action(request, "", tool.act, viewer, thing, reason=reason, **given)
    if ok:
        undo = undo_url(viewer, tool.action, target)
        messages.success(request, str(tool.done), extra_tags=f"undo:{undo}" if undo else "")


def _more(request: HttpRequest, viewer: Profile) -> dict[str, Any]:
    """Return what a tool needs beside the reason. Raises ValidationError."""
    asked = request.POST
    if asked["do"] == "move":
        topic = Topic.objects.filter(slug=asked.get("topic", "")[:80].replace("\x00", "")).first()
        if topic is None:
            raise ValidationError({"topic": _("Choose the topic to move this thread to.")})
        return {"topic": topic}
    if asked["do"] == "retag":
        return {"tags": split_tags(asked.get("tags", "")[:250])}
    if asked["do"] == "merge":
        return {"into": find_thread(asked.get("into", ""), viewer)}
    return {}


def _warning(request: HttpRequest, thread: Thread, given: dict[str, Any]) -> str:
    """Return what to say before a tool is used, or nothing when it needs no question."""
    topic = given.get("topic")
    if topic is not None and thread.solution_id and not topic.solutions_enabled:
        return _(
            "This question is solved, and %(topic)s is a topic without solutions. The solution is no longer marked there. "
            "Move the thread back to mark it again. Points stay."
        ) % {"topic": topic.name}  # fmt: skip
    if request.POST["do"] == "delete":
        return _("Only moderators can read a deleted thread. You can restore it at any time.")
    return ""


def _ask(request: HttpRequest, thing: Thread | Post, warning: str) -> HttpResponse:
    """Show the question before a tool is used; its form sends everything again, confirmed."""
    kept = {name: request.POST[name][:300] for name in ("do", "topic") if name in request.POST}
    labels = {
        ("delete", Thread): (_("Delete this thread?"), _("Delete thread")),
        ("delete", Post): (_("Delete this reply?"), _("Delete reply")),
        ("move", Thread): (_("Move this solved question?"), _("Move thread")),
    }
    title, label = labels[kept["do"], type(thing)]
    context = {
        "area": "questions", "thread": thing if isinstance(thing, Thread) else thing.thread, "title": title, "label": label,
        "warning": warning, "kept": kept, "reason": request.POST.get("reason", "")[:300], "quiet": "quiet" in request.POST,
        "back": thing.get_absolute_url(),
    }  # fmt: skip
    response = render(request, "moderation/confirm.html", context)
    response["Cache-Control"] = "no-store"
    return response
