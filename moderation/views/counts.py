"""Moderation in numbers, for everyone."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from moderation.queries.counts import months

KEPT_SECONDS = 600
ROWS = {
    "reports": _("Reports"),
    "report_kept": _("Reports dismissed"),
    "report_hidden": _("Reports upheld, post hidden"),
    "report_upheld": _("Reports upheld, post not hidden"),
    "report_sanctioned": _("Reports that led to a sanction"),
    "archived": _("Threads archived"),
    "hidden": _("Threads and replies hidden"),
    "merged": _("Threads merged"),
    "sanction_correction": _("Corrections"),
    "sanction_warning": _("Warnings"),
    "sanction_temporary_ban": _("Temporary bans"),
    "sanction_permanent_ban": _("Permanent bans"),
    "appeals": _("Appeals"),
    "appeal_stands": _("Appeals rejected"),
    "appeal_lifted": _("Appeals accepted"),
}


@require_safe
def counts_read(request: HttpRequest) -> HttpResponse:
    """Show the numbers of twelve months."""
    found = cache.get_or_set("moderation.counts", months, KEPT_SECONDS) or []
    shown = [
        (month.begins, [(label, month.numbers.get(name, 0)) for name, label in ROWS.items()])
        for month in found
    ]
    return render(request, "moderation/counts.html", {"months": shown})
