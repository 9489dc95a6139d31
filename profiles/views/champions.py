"""Answer an invitation to become a champion."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from profiles.actions.champions import answer
from profiles.http import HttpRequest
from profiles.models import Nomination, Profile
from profiles.views.guards import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def champion_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline one's own invitation."""
    viewer: Profile = request.viewer
    mine = Nomination.objects.filter(profile=viewer, invited_at__isnull=False).select_related("cohort")
    nomination = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        accepted = request.POST.get("say") == "yes"
        nomination = answer(viewer, nomination, accepted=accepted)
        if nomination.accepted_at:
            messages.success(request, _("You are now a champion."))
            return redirect(viewer)
        messages.success(request, _("Invitation declined. Only the team can see this."))
        return redirect("champion-invitation", pk=pk)
    return render(request, "profiles/champion.html", {"area": "people", "nomination": nomination})
