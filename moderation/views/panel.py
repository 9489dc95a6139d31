"""The moderator panel under a thread, a member’s plan and trust level."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib.htmx import is_htmx
from community.lib.redirects import safe_next
from community.lib.refusals import try_action
from forums.models import Thread
from moderation.actions.review import set_trust
from moderation.actions.threads import require_team
from moderation.panel import sections_for
from moderation.plans import plan_of
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.views.guards import signed_in


@require_safe
@signed_in
def thread_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the panel: a fragment for the thread’s page, a page of its own without scripts."""
    require_team(request.viewer)
    thread = get_object_or_404(Thread.objects.select_related("author__user", "topic"), pk=pk)
    context = {"area": "questions", "thread": thread, "sections": sections_for(request, thread)}
    return _private(
        render(
            request, "moderation/panel.html" if is_htmx(request) else "moderation/panel_page.html", context
        )
    )


@require_safe
@signed_in
def profile_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member’s plan from the company’s own system."""
    require_team(request.viewer)
    profile = get_object_or_404(Profile.objects.select_related("user"), pk=pk)
    context = {"area": "questions", "profile": profile, "plan": plan_of(profile)}
    return _private(
        render(
            request,
            "moderation/panel/plan.html" if is_htmx(request) else "moderation/plan_page.html",
            context,
        )
    )


@require_POST
@signed_in
def profile_trust(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a member’s trust level."""
    viewer = require_team(request.viewer)
    profile = get_object_or_404(Profile, pk=pk)
    given = {"trust": request.POST.get("trust", ""), "reason": request.POST.get("reason", "")[:300]}
    try_action(request, _("Trust level saved."), set_trust, viewer, profile, **given)
    return redirect(safe_next(request, profile.get_absolute_url(), referer=False))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
