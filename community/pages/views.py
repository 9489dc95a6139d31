"""The site's own pages, in public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.pages.models import Page


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page."""
    return render(request, "pages/page.html", {"page": get_object_or_404(Page, slug=slug)})
