"""“Is your question solved?”, where the e-mail and the banner lead. Only a POST changes anything."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.lib.refusals import try_action
from forums.actions.resolutions import say_not_yet
from forums.actions.solutions import mark_solution
from forums.models import Post, Thread
from forums.queries.pages import helper_replies
from forums.views.threads import number_in
from profiles.http import HttpRequest
from profiles.views.guards import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def thread_solved(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the reply that solved it, or say that none has. Everyone but the author is led to the thread."""
    viewer = request.viewer
    thread = get_object_or_404(Thread.objects.visible_to(viewer).select_related("topic"), pk=pk)
    if thread.author_id != viewer.pk or thread.solution_id or not thread.is_question:
        return redirect(thread.get_absolute_url())
    if request.method == "POST":
        return _answer(request, thread)
    context = {"area": "questions", "thread": thread, "replies": helper_replies(thread, viewer)}
    return render(request, "forums/solved.html", context)


def _answer(request: HttpRequest, thread: Thread) -> HttpResponse:
    viewer, chosen = request.viewer, number_in(request.POST.get("post", ""), digits=18)
    if chosen is not None:
        post = get_object_or_404(Post.objects.visible_to(viewer), pk=chosen, thread=thread)
        try_action(request, _("Reply marked as solution."), mark_solution, viewer, post)
    else:
        try_action(
            request,
            _("Thank you. We’ve told the team that you still need help."),
            say_not_yet,
            viewer,
            thread,
        )
    return redirect(thread.get_absolute_url())
