"""What people do to posts and threads: edit, delete, upvote, mark as solution."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.audit.models import LogEntry
from community.lib.htmx import is_htmx
from community.lib.markdown import BODY_LIMIT
from community.lib.redirects import safe_next
from community.lib.refusals import add_errors, try_action
from forums import permissions
from forums.actions import posts, solutions, subscriptions, threads, votes
from forums.bodies import editable
from forums.forms import EditForm, split_tags
from forums.models import Post, Thread
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in


def _post(request: HttpRequest, pk: int) -> Post:
    return get_object_or_404(
        Post.objects.visible_to(request.viewer).select_related("thread", "author"), pk=pk
    )


def _thread(request: HttpRequest, pk: int) -> Thread:
    return get_object_or_404(Thread.objects.visible_to(request.viewer).select_related("topic"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a post; with the opening post, the subject and tags too."""
    viewer, post = request.viewer, _post(request, pk)
    permissions.refuse_if(permissions.why_not_edit_post(viewer, post))
    thread, opening = post.thread, post.number == 1
    initial = {"body": editable(post.body), "subject": thread.subject, "tags": " ".join(thread.tag_names)}
    form = EditForm(request.POST) if request.method == "POST" else EditForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            with transaction.atomic():
                if opening and fields["subject"]:
                    tags = split_tags(fields["tags"])
                    thread = threads.edit_thread(
                        viewer, thread, subject=fields["subject"], tags=tags, reason=fields["reason"]
                    )
                posts.edit_post(viewer, post, body=fields["body"], reason=fields["reason"])
            if viewer.pk != post.author_id:
                messages.success(request, _("Edit saved."), extra_tags=_undo_of_edit(viewer, post))
            post.thread = thread
            return redirect(post.get_absolute_url())
        except ValidationError as error:
            add_errors(form, error)
    if opening:
        title = _("Edit question") if thread.is_question else _("Edit discussion")
    else:
        title = _("Edit reply")
    context = {
        "area": "questions",
        "title": title,
        "post": post,
        "thread": thread,
        "form": form,
        "opening": opening,
        "body_limit": BODY_LIMIT,
        "mine": post.author_id == viewer.pk,
    }
    return render(request, "forums/edit.html", context, status=400 if form.is_bound else 200)


def _undo_of_edit(viewer: Profile, post: Post) -> str:
    """Return the toast's tag that undoes what a moderator has just edited, if anything."""
    targets = [f"post:{post.pk}"] + ([f"thread:{post.thread_id}"] if post.number == 1 else [])
    edits = LogEntry.objects.filter(
        actor_id=viewer.pk, target__in=targets, action__in=["post.edited", "thread.edited"]
    )
    entry = edits.order_by("-id").first()
    return f"undo:{reverse('log-undo')}?entries={entry.pk}" if entry else ""


@require_POST
@signed_in
def post_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a reply; the toast can undo it."""
    post = _post(request, pk)
    if try_action(request, "", posts.delete_post, request.viewer, post):
        messages.success(request, _("Reply deleted."), extra_tags=f"undo:/questions/post/{pk}/undelete/")
    return redirect(post.thread.get_absolute_url())


@require_POST
@signed_in
def post_undelete(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion of a reply."""
    post = get_object_or_404(Post.objects.select_related("thread"), pk=pk)
    permissions.refuse_if(permissions.why_not_undelete(request.viewer, post))
    try_action(request, _("Reply restored."), posts.undelete_post, request.viewer, post)
    return redirect(post.get_absolute_url())


@require_POST
@signed_in
def thread_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a thread without replies from others; the toast can undo it."""
    thread = _thread(request, pk)
    if try_action(request, "", threads.delete_thread, request.viewer, thread):
        messages.success(request, _("Thread deleted."), extra_tags=f"undo:/questions/thread/{pk}/undelete/")
        return redirect("question-list")
    return redirect(thread.get_absolute_url())


@require_POST
@signed_in
def thread_undelete(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the deletion of a thread."""
    thread = get_object_or_404(Thread, pk=pk)
    permissions.refuse_if(permissions.why_not_undelete(request.viewer, thread))
    try_action(request, _("Thread restored."), threads.undelete_thread, request.viewer, thread)
    return redirect(thread.get_absolute_url())


@require_POST
@signed_in
def post_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Upvote, or remove the upvote."""
    post, viewer = _post(request, pk), request.viewer
    wanted = request.POST.get("vote") != "off"
    ok = try_action(request, "", votes.vote if wanted else votes.unvote, viewer, post)
    if is_htmx(request) and ok:
        post.refresh_from_db(fields=["vote_count"])
        row = {"id": post.pk, "votes": post.vote_count, "voted": wanted, "may_vote": True}
        return render(request, "forums/fragments/vote.html", {"post": row})
    return redirect(post.get_absolute_url())


@require_POST
@signed_in
def post_solution(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a reply as the solution, or remove the solution."""
    post, viewer = _post(request, pk), request.viewer
    if request.POST.get("solution") == "off":
        try_action(request, _("Solution removed."), solutions.clear_solution, viewer, post.thread)
    else:
        try_action(request, _("Reply marked as solution."), solutions.mark_solution, viewer, post)
    return redirect(post.thread.get_absolute_url())


@require_POST
@signed_in
def thread_me_too(request: HttpRequest, pk: int) -> HttpResponse:
    """Say “I have this too”, or take it back."""
    thread, viewer = _thread(request, pk), request.viewer
    wanted = request.POST.get("me_too") != "off"
    ok = try_action(
        request, "", subscriptions.add_me_too if wanted else subscriptions.remove_me_too, viewer, thread
    )
    if is_htmx(request) and ok:
        thread.refresh_from_db(fields=["me_too_count"])
        return render(request, "forums/fragments/me_too.html", {"thread": thread, "me_too": wanted})
    return redirect(thread.get_absolute_url())


@require_POST
@signed_in
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark all threads as read."""
    subscriptions.mark_all_read(request.viewer)
    return redirect(safe_next(request, "/questions/"))
