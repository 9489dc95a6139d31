"""The dashboard of a member."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forums.queries.dashboard import dashboard, parts_for
from forums.queries.lists import BadCursor
from profiles.http import HttpRequest
from profiles.notification_visibility import veiled
from profiles.queries import notifications_of
from profiles.views.guards import signed_in

TOLD = 6  # notifications


@require_safe
@signed_in
def dashboard_detail(request: HttpRequest) -> HttpResponse:
    """Questions that need me, open ones in my topics, and my threads; `?show=` pages through one part."""
    viewer, asked = request.viewer, request.GET
    show = asked.get("show", "") if asked.get("show") in parts_for(viewer) else ""
    try:
        found = dashboard(viewer, show=show, after=asked.get("after", ""), before=asked.get("before", ""))
    except BadCursor as error:
        raise Http404 from error

    told = veiled(notifications_of(viewer)[:TOLD], viewer)
    context = {"area": "dashboard", "dashboard": found, "show": show, "query": f"show={show}", "told": told}
    return render(request, "forums/dashboard.html", context)
