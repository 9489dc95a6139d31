"""The site's own pages, such as the code of conduct."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.http import HttpRequest
from community.pages.actions import say_useful
from community.pages.models import Page
from community.pages.parts import PARTS


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a page."""
    page, part = get_object_or_404(Page, slug=slug), PARTS.get(slug)
    extra = {"template": part.template, "part": part.context()} if part else None
    return render(request, "pages/page.html", {"page": page, "extra": extra})


OPINIONS_PER_HOUR, HOUR = 20, 3600


@require_POST
def page_useful(request: HttpRequest, slug: str) -> HttpResponse:
    """Save whether the page was useful: one opinion per member, and one per network for guests."""
    page, viewer = get_object_or_404(Page, slug=slug), request.viewer
    network = client_key(request)
    voice = (
        f"profile:{viewer.pk}"
        if viewer
        else salted_hmac("pages.voice", network, algorithm="sha256").hexdigest()
    )
    ratelimit.check("page-useful", network, limit=OPINIONS_PER_HOUR, seconds=HOUR)
    say_useful(page, voice=voice, useful=request.POST.get("useful") == "yes")
    messages.success(request, _("Thanks for your feedback."))
    return redirect(page.get_absolute_url())
