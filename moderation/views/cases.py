"""The queue of reports, one report, and what moderators do with them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from forums.views.threads import page_number
from moderation.actions import cases as acts
from moderation.emails import rungs
from moderation.forms import DecideForm, StepForm
from moderation.models import Case, SealRequest
from moderation.permissions import may_act_on, why_not_decide
from moderation.queries import cases as reads
from moderation.things import thing_now
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
    rows = [(case, reads.clock_of(case, case.opened_at)) for case in page]
    context = {"page": page, "rows": rows, "state": state, "section": "reports", "query": f"&state={state}"}
    return render(request, "moderation/report_list.html", context)


@require_safe
@for_moderators
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what was reported, what was said about it, the decision or the form for it."""
    viewer = request.viewer
    rows = Case.objects.visible_to(viewer).select_related("subject", "claimed_by", "decided_by")
    case = get_object_or_404(rows, pk=pk)
    seal = SealRequest.objects.filter(case=case).select_related("asked_by").first()
    thing = thing_now(case.source_key)
    context = {
        "case": case, "thing": thing, "clock": reads.clock_of(case, case.opened_at), "reports": reads.reports_of(case),
        "reporters": acts.reporters_of(viewer, case), "seal": seal,
        "before": reads.before(thing), "record": reads.record_of(case.subject, without=case) if case.subject else [],
        "log": reads.log_of(case), "why_not": why_not_decide(viewer, case), "section": "reports",
        "is_mine": case.claim_holds and case.claimed_by == viewer,
    }  # fmt: skip
    if case.subject and not case.decided_at and may_act_on(viewer, case.subject):
        context |= {"rungs": rungs(), "form": StepForm(profile=case.subject, case=case)}
        context |= {"in_force": reads.in_force(case.subject), "profile": case.subject}
    return render(request, "moderation/report_detail.html", context)


@require_POST
@for_moderators
def report_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a case, or release it."""
    case = _case(request, pk)
    act = acts.release_case if request.POST.get("do") == "release" else acts.claim_case
    said_no(request, act, request.viewer, case)
    return redirect(case.get_absolute_url())


@require_POST
@for_moderators
def report_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a case without a sanction: dismiss it, or uphold it with or without hiding the post."""
    case = _case(request, pk)
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "")
    refused = said_no(
        request,
        acts.decide_case,
        request.viewer,
        case,
        outcome=outcome,
        reason=reason,
        done=_("Report closed."),
    )
    return redirect(case.get_absolute_url() if refused else "report-list")


@require_POST
@for_moderators
def reports_decide(request: HttpRequest) -> HttpResponse:
    """Decide many at once, for one reason."""
    form = DecideForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("case") if pk.isdecimal() and len(pk) < 18][
        : acts.BULK_LIMIT
    ]
    if not form.is_valid() or not chosen:
        messages.error(request, _("Choose reports, choose to dismiss or uphold them, and say why."))
        return redirect("report-list")
    viewer = request.viewer
    done, refused = acts.decide_cases(
        viewer, Case.objects.visible_to(viewer).filter(pk__in=chosen).order_by("pk"), **form.cleaned_data
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
def report_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the names of those who reported, or open the seal another moderator asked for."""
    viewer, case = request.viewer, _case(request, pk)
    if request.POST.get("do") == "open":
        said_no(
            request,
            acts.open_seal,
            viewer,
            case,
            done=_("The seal is open to you both for a day. The reporters are told."),
        )
    else:
        sentence = _("Another moderator can open the seal now.")
        said_no(request, acts.ask_to_open, viewer, case, reason=request.POST.get("reason", ""), done=sentence)
    return redirect(case.get_absolute_url())


def _case(request: HttpRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.viewer).select_related("subject"), pk=pk)
