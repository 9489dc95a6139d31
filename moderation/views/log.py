"""The log for moderators, a page at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib.redirects import safe_next
from community.lib.refusals import attempt
from community.lib.verbs import AT_ONCE
from moderation.actions.threads import require_moderation, require_team
from moderation.queries.log import Wanted, actions_used, by_day, page_of
from moderation.queries.targets import find_entry
from moderation.undo import undo
from profiles.http import HttpRequest
from profiles.views.guards import signed_in

FILTERS = ("actor", "action", "target", "since", "until")


@require_POST
@signed_in
def log_undo(request: HttpRequest) -> HttpResponse:
    """Undo what the entries (in the URL, or chosen in the log) say; champions only what they did themselves."""
    viewer = require_moderation(request.viewer)
    numbers = [*request.POST.getlist("ids"), *request.GET.get("entries", "").split(",")][:AT_ONCE]
    row, refused = None, []
    ids = {int(one) for one in numbers if one.isascii() and one.isdecimal() and len(one) < 18}
    for pk in sorted(ids, reverse=True):  # the newest first, as they were built on each other
        entry, row = find_entry(pk, viewer)
        refused.append(attempt(undo, viewer, entry))
    if row is None:
        raise Http404
    for sentence in dict.fromkeys(filter(None, refused)):
        messages.error(request, sentence)
    if not all(refused):
        messages.success(request, _("Undone."))
    row = type(row)._default_manager.get(pk=row.pk)
    return redirect(row.get_absolute_url() if len(refused) == 1 else safe_next(request, "/moderation/log/"))


@require_safe
@signed_in
def log_list(request: HttpRequest) -> HttpResponse:
    """What was done: filtered by who, what, to what and when."""
    require_team(request.viewer)
    asked = {name: request.GET.get(name, "")[:200].replace("\x00", "") for name in FILTERS}
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None
    lines, older = page_of(Wanted(**asked), start)
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "area": "moderation",
        "days": by_day(lines),
        "today": timezone.localdate(),
        "filters": len(kept),
        "can_undo": any(line.undo_url for line in lines),
        "asked": asked,
        "actions": actions_used(),
        "newest": f"?{urlencode(kept)}" if start else "",
        "older": f"?{urlencode({**kept, 'before': older})}" if older else "",
    }
    response = render(request, "moderation/log.html", context)
    response["Cache-Control"] = "no-store"
    return response
