"""Edit the site's own pages. Every version is kept and every change is logged."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from community.audit import record
from community.lib.markdown import BodyRefused, render
from community.pages.models import Page, PageOpinion, PageRevision

PAGE_LIMIT = 60_000


def page_html(body: str) -> str:
    """Render a page's text, with headings one level higher than in a post. Raises BodyRefused."""
    return re.sub(
        r"(</?h)([3-6])\b",
        lambda found: f"{found[1]}{int(found[2]) - 1}",
        render(body, limit=PAGE_LIMIT).html,
    )


def say_useful(page: Page, *, voice: str, useful: bool) -> None:
    """Save whether a reader found a page useful; a second opinion replaces the first."""
    PageOpinion.objects.update_or_create(
        page=page, voice=voice, defaults={"useful": useful, "given_at": timezone.now()}
    )


def save_page(actor_id: int | None, page: Page) -> Page:
    """Render and save a changed page, with a new revision.

    Django admin's model permission decides who may. Raises ValidationError({"body": sentence}).
    """
    try:
        page.body_html = page_html(page.body)
    except BodyRefused as refusal:
        raise ValidationError({"body": str(refusal)}) from refusal
    with transaction.atomic():
        # Concurrent saves queue here: both versions are kept and the later one is shown.
        list(Page.objects.select_for_update().filter(pk=page.pk).values_list("pk"))
        page.updated_at, page.updated_by_id = timezone.now(), actor_id
        page.save()
        last = PageRevision.objects.filter(page=page).aggregate(last=Max("number"))["last"] or 0
        PageRevision.objects.create(
            page=page, number=last + 1, title=page.title, body=page.body, author_id=actor_id
        )
        record(
            "page.saved",
            actor_id=actor_id,
            target=f"page:{page.pk}",
            before={"version": last},
            after={"version": last + 1},
        )
    return page
