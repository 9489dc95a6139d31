"""Reporting, the queue of reports, and one report. `moderation.report_verbs` has what is done to them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.lib.clients import client_key
from community.lib.refusals import add_errors
from forums.models import Thread
from forums.views.threads import page_number
from moderation.actions.decisions import revealed_reporters
from moderation.actions.reports import file_report
from moderation.emails import sanction_kinds
from moderation.forms import ReportForm, SanctionForm
from moderation.models import Report, RevealRequest
from moderation.permissions import may_act_on, why_not_decide
from moderation.queries import reports as reads
from moderation.report_targets import ReportTarget, current_target, find_target
from moderation.rules import RULES
from moderation.validation import NOTE_LIMIT
from moderation.views.guard import for_moderators
from profiles.http import HttpRequest

PER_PAGE = 25
STATES = (reads.OPEN, reads.MINE, reads.DECIDED)


@require_safe
@for_moderators
def report_list(request: HttpRequest) -> HttpResponse:
    """List reports, those due first on top."""
    state = request.GET.get("state", "")
    state = state if state in STATES else reads.OPEN
    page = Paginator(reads.queue(request.viewer, state), PER_PAGE).get_page(page_number(request))
    rows = [(report, reads.clock_of(report, report.opened_at)) for report in page]
    context = {"page": page, "rows": rows, "state": state, "section": "reports", "query": f"&state={state}"}
    return render(request, "moderation/report_list.html", context)


@require_safe
@for_moderators
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one report with what was reported, by how many, and the decision or the form for it."""
    viewer = request.viewer
    rows = Report.objects.visible_to(viewer).select_related("subject", "claimed_by", "decided_by")
    report = get_object_or_404(rows, pk=pk)
    reveal = RevealRequest.objects.filter(report=report).select_related("asked_by").first()
    target = current_target(report.source_key)
    context = {
        "report": report, "target": target, "clock": reads.clock_of(report, report.opened_at),
        "complaints": reads.complaints_of(report),
        "reporters": revealed_reporters(viewer, report), "reveal": reveal,
        "before": reads.before(target), "record": reads.record_of(report.subject, without=report) if report.subject else [],
        "log": reads.log_of(report), "next_report": reads.next_open(viewer, report),
        "why_not": why_not_decide(viewer, report), "section": "reports",
        "is_mine": report.claim_holds and report.claimed_by == viewer,
    }  # fmt: skip
    if report.subject and not report.decided_at and may_act_on(viewer, report.subject):
        context |= {
            "sanction_kinds": sanction_kinds(),
            "form": SanctionForm(profile=report.subject, report=report),
        }
        context |= {"in_force": reads.in_force(report.subject), "profile": report.subject}
    return render(request, "moderation/report_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Report a post, thread or profile that the viewer can see."""
    target = find_target(kind, pk, request.viewer)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, target, form):
        messages.success(request, _("Report sent. Only the team knows that you reported this."))
        return redirect(_back_to(target))
    context = {"target": target, "form": form, "rules": RULES.values(), "note_limit": NOTE_LIMIT}
    context["conduct_address"] = settings.CONDUCT_ADDRESS
    response = render(request, "moderation/report_new.html", context, status=400 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _back_to(target: ReportTarget) -> str:
    """Return the page of the target, unless this report has just hidden it."""
    if target.thread is None or target.post is not None:
        return target.url
    return (
        target.url if Thread.objects.visible_to(None).filter(pk=target.thread.pk).exists() else "/questions/"
    )


def _reported(request: HttpRequest, target: ReportTarget, form: ReportForm) -> bool:
    given, address = form.cleaned_data, client_key(request)
    if form.arrival(address).trapped:
        return True  # a bot: it learns nothing
    viewer = request.viewer
    email = "" if viewer is not None else given["email"]
    try:
        file_report(viewer, target, reason=given["reason"], note=given["note"], email=email, address=address)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
