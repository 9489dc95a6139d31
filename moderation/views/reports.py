"""Reporting, the queue of reports, one report, and deciding it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib.clients import client_key
from community.lib.refusals import add_errors
from forums.models import Thread
from forums.views.threads import page_number
from moderation.actions import decisions as acts
from moderation.actions.reports import file_report
from moderation.emails import sanction_kinds
from moderation.forms import DecideForm, ReportForm, SanctionForm
from moderation.models import Report, RevealRequest
from moderation.permissions import may_act_on, why_not_decide
from moderation.queries import reports as reads
from moderation.report_targets import ReportTarget, current_target, find_target
from moderation.rules import RULES
from moderation.validation import NOTE_LIMIT
from moderation.views.guard import for_moderators, said_no
from profiles.http import HttpRequest

PER_PAGE = 25
STATES = (reads.OPEN, reads.MINE, reads.DECIDED)


@require_safe
@for_moderators
def report_list(request: HttpRequest) -> HttpResponse:
    """The queue: what is open, the least time left first."""
    state = request.GET.get("state", "")
    state = state if state in STATES else reads.OPEN
    page = Paginator(reads.queue(request.viewer, state), PER_PAGE).get_page(page_number(request))
    rows = [(report, reads.clock_of(report, report.opened_at)) for report in page]
    context = {"page": page, "rows": rows, "state": state, "section": "reports", "query": f"&state={state}"}
    return render(request, "moderation/report_list.html", context)


@require_safe
@for_moderators
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what was reported, what was said about it, the decision or the form for it."""
    viewer = request.viewer
    rows = Report.objects.visible_to(viewer).select_related("subject", "claimed_by", "decided_by")
    report = get_object_or_404(rows, pk=pk)
    seal = RevealRequest.objects.filter(report=report).select_related("asked_by").first()
    target = current_target(report.source_key)
    context = {
        "report": report, "target": target, "clock": reads.clock_of(report, report.opened_at),
        "complaints": reads.complaints_of(report),
        "reporters": acts.revealed_reporters(viewer, report), "seal": seal,
        "before": reads.before(target), "record": reads.record_of(report.subject, without=report) if report.subject else [],
        "log": reads.log_of(report), "why_not": why_not_decide(viewer, report), "section": "reports",
        "is_mine": report.claim_holds and report.claimed_by == viewer,
    }  # fmt: skip
    if report.subject and not report.decided_at and may_act_on(viewer, report.subject):
        context |= {
            "sanction_kinds": sanction_kinds(),
            "form": SanctionForm(profile=report.subject, report=report),
        }
        context |= {"in_force": reads.in_force(report.subject), "profile": report.subject}
    return render(request, "moderation/report_detail.html", context)


@require_POST
@for_moderators
def report_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a report, or release it."""
    report = _case(request, pk)
    act = acts.release_report if request.POST.get("do") == "release" else acts.claim_report
    said_no(request, act, request.viewer, report)
    return redirect(report.get_absolute_url())


@require_POST
@for_moderators
def report_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a report without a sanction: dismiss it, or uphold it with or without hiding the post."""
    report = _case(request, pk)
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "")
    refused = said_no(
        request,
        acts.decide_report,
        request.viewer,
        report,
        outcome=outcome,
        reason=reason,
        done=_("Report closed."),
    )
    return redirect(report.get_absolute_url() if refused else "report-list")


@require_POST
@for_moderators
def reports_decide(request: HttpRequest) -> HttpResponse:
    """Decide many at once, for one reason."""
    form = DecideForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("ids") if pk.isdecimal() and len(pk) < 18][
        : acts.BULK_LIMIT
    ]
    if not form.is_valid() or not chosen:
        messages.error(request, _("Choose reports, choose to dismiss or uphold them, and say why."))
        return redirect("report-list")
    viewer = request.viewer
    done, refused = acts.decide_reports(
        viewer, Report.objects.visible_to(viewer).filter(pk__in=chosen).order_by("pk"), **form.cleaned_data
    )
    if done:
        messages.success(
            request, ngettext("%(count)d decided.", "%(count)d decided.", done) % {"count": done}
        )
    for sentence in refused[:5]:
        messages.error(request, sentence)
    return redirect("report-list")


@require_POST
@for_moderators
def report_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the names of those who reported, or open the seal another moderator asked for."""
    viewer, report = request.viewer, _case(request, pk)
    if request.POST.get("do") == "open":
        said_no(
            request,
            acts.reveal_reporters,
            viewer,
            report,
            done=_("The seal is open to you both for a day. The reporters are told."),
        )
    else:
        sentence = _("Another moderator can open the seal now.")
        said_no(
            request, acts.request_reveal, viewer, report, reason=request.POST.get("reason", ""), done=sentence
        )
    return redirect(report.get_absolute_url())


def _case(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(Report.objects.visible_to(request.viewer).select_related("subject"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show the form; take it in. What a guest does not see cannot be reported either."""
    target = find_target(kind, pk, request.viewer)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, target, form):
        messages.success(
            request, _("Thank you. The team looks at it, and nobody else learns that you wrote.")
        )
        return redirect(_back_to(target))
    context = {"target": target, "form": form, "rules": RULES.values(), "note_limit": NOTE_LIMIT}
    context["conduct_address"] = settings.CONDUCT_ADDRESS
    response = render(request, "moderation/report_new.html", context, status=400 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _back_to(target: ReportTarget) -> str:
    """Return where the reporter came from, unless this very report hid it."""
    if target.thread is None or target.post is not None:
        return target.url
    return (
        target.url if Thread.objects.visible_to(None).filter(pk=target.thread.pk).exists() else "/questions/"
    )


def _reported(request: HttpRequest, target: ReportTarget, form: ReportForm) -> bool:
    given, address = form.cleaned_data, client_key(request)
    if form.arrival(address).trapped:
        return True  # a program: it learns nothing
    viewer = request.viewer
    email = "" if viewer is not None else given["email"]
    try:
        file_report(viewer, target, reason=given["reason"], note=given["note"], email=email, address=address)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
