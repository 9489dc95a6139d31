"""Appeals: the sanctioned member’s page, which opens without signing in, and the moderators’ pages."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.refusals import REFUSALS, add_errors, attempt
from forums.views.threads import page_number
from moderation.actions.appeals import appeal, decide_appeal
from moderation.emails import as_read, consequences, reported_post, to_sanctioned
from moderation.forms import AppealDecisionForm, AppealForm
from moderation.models import Appeal
from moderation.models.sanctions import sanction_by_token
from moderation.permissions import require_judge
from moderation.queries import reports as reads
from moderation.views.guard import for_moderators
from profiles.http import HttpRequest

PER_PAGE, APPEALS_PER_HOUR, HOUR = 25, 20, 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_detail(request: HttpRequest, token: str) -> HttpResponse:
    """Show a member their sanction by the token of its e-mail, and take their appeal; also while banned."""
    given = sanction_by_token(token)
    if given is None:
        raise Http404
    written = getattr(given, "appeal", None)
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ratelimit.check("appeal", client_key(request), limit=APPEALS_PER_HOUR, seconds=HOUR)
        try:
            appeal(given, text=form.cleaned_data["text"])
            return redirect(given.appeal_url)
        except REFUSALS as refusal:
            add_errors(form, refusal)
    context = {
        "sanction": given, "email": to_sanctioned(given), "consequences": consequences(given), "appeal": written, "form": form,
        "reported_post": reported_post(given),
    }  # fmt: skip
    response = render(request, "moderation/appeal_detail.html", context, status=400 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
@for_moderators
def appeal_list(request: HttpRequest) -> HttpResponse:
    """List open appeals, those due first on top, or decided ones."""
    decided = request.GET.get("state") == "decided"
    rows = reads.appeals_for(request.viewer, decided=decided)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    context = {
        "page": page, "rows": [(one, reads.clock_of(one, one.created_at)) for one in page], "decided": decided,
        "section": "appeals",
    }  # fmt: skip
    return render(request, "moderation/appeal_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def appeal_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one appeal with its sanction, and decide it."""
    viewer = request.viewer
    related = ("sanction__profile", "sanction__given_by", "sanction__report", "decided_by")
    rows = Appeal.objects.visible_to(viewer).select_related(*related)
    written = get_object_or_404(rows, pk=pk)
    form, why_not = AppealDecisionForm(request.POST or None), attempt(require_judge, viewer, written)
    if request.method == "POST" and form.is_valid():
        try:
            decide_appeal(viewer, written, **form.cleaned_data)
            return redirect("appeal-list")
        except REFUSALS as refusal:
            add_errors(form, refusal)
    context = {
        "appeal": written, "sanction": written.sanction, "email": as_read(written.sanction), "form": form,
        "why_not": why_not,
        "record": reads.record_of(written.sanction.profile), "section": "appeals",
        "evidence": list(written.sanction.evidence.all()),
    }  # fmt: skip
    return render(request, "moderation/appeal_decide.html", context, status=400 if form.errors else 200)
