"""The verbs of the table, used from a page on one row or on those selected in a list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from community.lib.redirects import safe_next
from community.lib.refusals import error_message
from community.lib.verbs import TARGETS, Verb
from forums.models import Post, Thread
from moderation.actions.threads import require_moderation
from moderation.undo import undo_url
from moderation.validation import REASON_LIMIT
from profiles.http import HttpRequest
from profiles.views.guards import signed_in


@require_POST
@signed_in
def verb_use(request: HttpRequest, target: str, pk: int | None = None) -> HttpResponse:
    """Use the verb `do` on one row, or on the rows in `ids`, with a reason; the toast can undo it."""
    viewer = require_moderation(request.viewer)
    kind = TARGETS[target]
    ids = (
        [pk] if pk else [int(one) for one in request.POST.getlist("ids") if one.isascii() and one.isdecimal()]
    )
    row = get_object_or_404(kind.reachable(viewer), pk=pk) if pk else None
    back = row.get_absolute_url() if row and "next" not in request.POST else safe_next(request, "/questions/")
    verb = kind.find(request.POST.get("do", ""))
    if not ids:
        messages.error(request, _("Select something first."))
        return HttpResponseRedirect(back)
    try:
        # A bar that shows the fields of several verbs names each after its verb.
        given = verb.read(viewer, {**request.POST.dict(), **_own_fields(verb, request.POST)})
    except ValidationError as refusal:
        messages.error(request, error_message(refusal))
        return HttpResponseRedirect(back)
    if "confirmed" not in request.POST and (response := _ask(request, target, verb, ids, given, back)):
        return response
    reason, quiet = request.POST.get("reason", "")[:REASON_LIMIT], "quiet" in request.POST
    refused = kind.perform(verb, viewer, ids, quiet=quiet, reason=reason, **given)
    _report(request, target, verb, refused)
    if isinstance(row, Thread):
        row.refresh_from_db(fields=["slug", "merged_into"])
        back = row.get_absolute_url() if "next" not in request.POST else back
        back += "?duplicate=1" if row.merged_into_id and "?" not in back else ""
    return HttpResponseRedirect(back)


def _own_fields(verb: Verb, posted: QueryDict) -> dict[str, str]:
    named = {need.name: posted.get(f"{verb.name}-{need.name}") for need in verb.needs}
    return {name: value for name, value in named.items() if value is not None}


def _report(request: HttpRequest, target: str, verb: Verb, refused: dict[int, str]) -> None:
    """Say what was done, with one undo for all of it, and each reason why something was not."""
    for sentence in dict.fromkeys(why for why in refused.values() if why):
        messages.error(request, sentence)
    done = [pk for pk, why in refused.items() if not why]
    if not done:
        return
    undo = undo_url(request.viewer, verb.logged, [f"{target}:{pk}" for pk in done])
    many = ngettext("%(label)s: %(count)d done.", "%(label)s: %(count)d done.", len(done))
    said = str(verb.done) if len(refused) == 1 else many % {"label": verb.label, "count": len(done)}
    messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")


def _ask(
    request: HttpRequest, target: str, verb: Verb, ids: list[int], given: dict[str, Any], back: str
) -> HttpResponse | None:
    """Return the page that asks first, if the verb asks about one of the rows; its form sends everything again."""
    viewer = request.viewer
    rows: list[Thread | Post] = (
        list(TARGETS[target].reachable(viewer).filter(pk__in=ids[:100])) if verb.ask else []
    )
    question = next((found for row in rows if verb.ask and (found := verb.ask(row, given))), "")
    if not question:
        return None
    thread = rows[0].thread if isinstance(rows[0], Post) else rows[0]
    posted = {**request.POST.dict(), **_own_fields(verb, request.POST)}
    kept = {
        name: posted[name][:300]
        for name in ("do", "next", *(need.name for need in verb.needs))
        if name in posted
    }
    context = {
        "area": "questions", "thread": thread, "verb": verb, "question": question, "kept": kept, "ids": ids, "rows": rows,
        "target": target,
        "reason": request.POST.get("reason", "")[:REASON_LIMIT], "quiet": "quiet" in request.POST, "back": back,
    }  # fmt: skip
    response = render(request, "moderation/confirm.html", context)
    response["Cache-Control"] = "no-store"
    return response
