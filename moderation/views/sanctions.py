"""Sanctions: the form with its preview, the list, one sanction."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.lib.refusals import REFUSALS, add_errors
from forums.views.threads import page_number
from moderation.actions.sanctions import draft, sanction
from moderation.emails import as_read, sanction_kinds
from moderation.forms import SanctionForm
from moderation.models import Report, Sanction
from moderation.permissions import may_lift, require_authority_over
from moderation.queries import reports as reads
from moderation.views.guard import for_moderators
from profiles.http import HttpRequest
from profiles.models import Profile

PER_PAGE = 25


@require_safe
@for_moderators
def sanction_list(request: HttpRequest) -> HttpResponse:
    """List sanctions in force, or all, by name."""
    state, name = (
        ("all" if request.GET.get("state") == "all" else ""),
        request.GET.get("name", "").strip()[:80],
    )
    rows = reads.sanctions_for(request.viewer, state, name.replace("\x00", ""))
    page = Paginator(rows, PER_PAGE).get_page(page_number(request))
    context = {"page": page, "state": state, "name": name, "section": "sanctions"}
    return render(request, "moderation/sanction_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
def sanction_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in a sanction, preview its e-mail, send it. With ?report= it closes that report."""
    viewer = request.viewer
    profile = get_object_or_404(Profile, pk=pk)
    require_authority_over(viewer, profile)
    report = _report_of(request, profile)
    form = SanctionForm(request.POST or None, profile=profile, report=report)
    email = None
    if request.method == "POST" and form.is_valid():
        try:
            email = as_read(
                draft(profile, form.sanction(), report=report),
                [one.name for one in form.cleaned_data["apart"]],
            )
            if "send" in request.POST:
                given = sanction(viewer, profile, form.sanction(), report=report)
                messages.success(request, _("Sanction sent. It’s in force now."))
                return redirect(given.get_absolute_url())
        except REFUSALS as refusal:
            add_errors(form, refusal)
    context: dict[str, Any] = {
        "profile": profile,
        "report": report,
        "form": form,
        "email": email,
        "section": "sanctions",
    }
    context |= {
        "sanction_kinds": sanction_kinds(),
        "record": reads.record_of(profile),
        "in_force": reads.in_force(profile),
    }
    return render(request, "moderation/sanction_new.html", context, status=400 if form.errors else 200)


@require_safe
@for_moderators
def sanction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one sanction with its e-mail, evidence and appeal."""
    viewer = request.viewer
    rows = Sanction.objects.visible_to(viewer).select_related(
        "profile__user", "given_by", "lifted_by", "report", "appeal__decided_by"
    )
    given = get_object_or_404(rows, pk=pk)
    context = {
        "sanction": given, "email": as_read(given), "evidence": list(given.evidence.all()), "section": "sanctions",
        "may_lift": may_lift(viewer, given), "appeal": getattr(given, "appeal", None), "record": reads.record_of(given.profile),
    }  # fmt: skip
    return render(request, "moderation/sanction_detail.html", context)


def _report_of(request: HttpRequest, profile: Profile) -> Report | None:
    """Return the open report of ?report=, which the sanction closes."""
    named = request.GET.get("report", "")
    if not named.isdecimal() or len(named) > 17:
        return None
    return get_object_or_404(
        Report.objects.visible_to(request.viewer).filter(subject=profile).open(), pk=int(named)
    )
