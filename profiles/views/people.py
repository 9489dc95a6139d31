"""A person in public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from profiles.header import parts_for
from profiles.queries import is_worth_indexing, profile_page
from profiles.tabs import open_tab


@require_safe
def profile_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A person in public."""
    viewer = request.viewer  # type: ignore[attr-defined]
    profile = get_object_or_404(profile_page(viewer), pk=pk)
    tab, tabs = open_tab(request.GET.get("tab", ""), viewer, profile)
    context = {"area": "people", "profile": profile, "tabs": tabs, "tab": tab, "is_me": viewer is not None and viewer.pk == pk}
    if tab is not None:
        context |= tab.context(request, profile)
    context |= {"indexed": is_worth_indexing(profile), "header_parts": parts_for(request, profile)}
    response = render(request, "profiles/profile.html", context)
    if not context["indexed"]:
        response["X-Robots-Tag"] = "noindex"
    return response
