"""Changing the site's own pages: every version is kept, and the log says who."""

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
    """Render a page's text. Its headings stand right below the title, a level above those of a post. Raises BodyRefused."""
    return re.sub(
        r"(</?h)([3-6])\b",
        lambda found: f"{found[1]}{int(found[2]) - 1}",
        render(body, limit=PAGE_LIMIT).html,
    )


def say_useful(page: Page, *, voice: str, useful: bool) -> None:
    """Note whether a page was useful to somebody; saying it again changes what they said."""
    PageOpinion.objects.update_or_create(
        page=page, voice=voice, defaults={"useful": useful, "given_at": timezone.now()}
    )


def save_page(actor_id: int | None, page: Page) -> Page:
    """Render and store a page whose title, slug or body was changed, with a new revision.

    Who may is the admin's model permission. Raises ValidationError({"body": sentence}).
    """
    try:
        page.body_html = page_html(page.body)
    except BodyRefused as refusal:
        raise ValidationError({"body": str(refusal)}) from refusal
    with transaction.atomic():
        # Two who save at once queue here; each version is kept, and the later one shows.
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
