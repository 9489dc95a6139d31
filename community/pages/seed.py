"""Create the pages Hearth comes with. Existing pages are never changed."""

from __future__ import annotations

from pathlib import Path

from community.pages.actions import page_html
from community.pages.models import Page, PageRevision

TEXTS = Path(__file__).parent / "texts"
TITLES = {
    "code-of-conduct": "Code of conduct",
    "answering-guidelines": "Answering guidelines",
    "points": "How points work",
}


def ensure_site_pages() -> int:
    """Create missing pages; return how many."""
    present = set(Page.objects.filter(slug__in=TITLES).values_list("slug", flat=True))
    for slug in TITLES.keys() - present:
        body = (TEXTS / f"{slug}.md").read_text(encoding="utf-8")
        page = Page.objects.create(slug=slug, title=TITLES[slug], body=body, body_html=page_html(body))
        PageRevision.objects.create(page=page, number=1, title=page.title, body=body)
    return len(TITLES) - len(present)
