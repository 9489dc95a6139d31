"""The log for moderators, a page at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from forums.views.posts import signed_in
from moderation.actions.threads import require_team
from moderation.queries.log import Wanted, actions_used, page_of

FILTERS = ("actor", "action", "target", "since", "until")


@require_safe
@signed_in
def log_list(request: HttpRequest) -> HttpResponse:
    """What was done: filtered by who, what, to what and when."""
    require_team(request.viewer)  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "")[:200].replace("\x00", "") for name in FILTERS}
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    lines, older = page_of(Wanted(**asked), start)
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "area": "moderation",
        "lines": lines,
        "asked": asked,
        "actions": actions_used(),
        "newest": f"?{urlencode(kept)}" if start else "",
        "older": f"?{urlencode({**kept, 'before': older})}" if older else "",
    }
    response = render(request, "moderation/log.html", context)
    response["Cache-Control"] = "no-store"
    return response
