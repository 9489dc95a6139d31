"""The site's own pages, in public."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from community.pages.models import Page
from community.pages.parts import part_of


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page."""
    page, part = get_object_or_404(Page, slug=slug), part_of(slug)
    extra = {"template": part.template, "part": part.context()} if part else None
    return render(request, "pages/page.html", {"page": page, "extra": extra})
