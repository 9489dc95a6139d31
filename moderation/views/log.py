"""The log for moderators, a page at a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from forums.views.posts import signed_in, try_action
from moderation.actions.threads import require_moderation, require_team
from moderation.queries.log import Wanted, actions_used, page_of
from moderation.queries.targets import find_entry
from moderation.undo import undo

FILTERS = ("actor", "action", "target", "since", "until")


@require_POST
@signed_in
def log_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what an entry says; champions only what they did themselves."""
    viewer = request.viewer  # type: ignore[attr-defined]
    require_moderation(viewer)
    entry, thing = find_entry(pk, viewer)
    if try_action(request, _("Undone."), undo, viewer, entry):
        thing = type(thing)._default_manager.get(pk=thing.pk)
    return redirect(thing.get_absolute_url())


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
