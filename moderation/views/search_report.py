"""The search report."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.lib.adminpages import FewRowsPaginator
from moderation.queries.search_report import DAYS, deflection_count, deflections, misses
from moderation.views.guard import for_moderators

PER_PAGE, THREADS_SHOWN = 50, 20


@require_safe
@for_moderators
def search_report(request: HttpRequest) -> HttpResponse:
    """Show searches without results, and threads that answered people before they asked."""
    context = {
        "area": "moderation",
        "section": "search",
        "page": FewRowsPaginator(misses(), PER_PAGE).get_page(request.GET.get("page")),
        "threads": deflections()[:THREADS_SHOWN],
        "deflected": deflection_count(),
        "days": DAYS,
    }
    return render(request, "moderation/search_report.html", context)
