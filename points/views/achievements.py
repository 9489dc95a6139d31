"""All achievements, and a person's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from points.actions.awards import show_award
from points.models import Award
from points.queries.achievements import Card, awards_shown, by_group, cards_for, secret_count
from profiles.http import HttpRequest
from profiles.levels import LEVELS
from profiles.models import Profile
from profiles.views.guards import signed_in

SHOWS = {
    "all": lambda card: True,
    "lit": lambda card: card.award is not None,
    "almost": lambda card: card.state == "warm",
}


@require_safe
def achievement_list(request: HttpRequest) -> HttpResponse:
    """Show every achievement, what is lit for the viewer, and the way to the others."""
    viewer: Profile | None = request.viewer
    cards = cards_for(viewer)
    show = request.GET.get("show", "") if viewer is not None else ""
    show = show if show in SHOWS else "all"
    shown: list[Card] = [card for card in cards if SHOWS[show](card)]
    context = {
        "area": "people",
        "groups": by_group(shown),
        "show": show,
        "lit": sum(card.award is not None for card in cards),
        "total": len(cards),
        "secrets": secret_count(viewer) if show == "all" else 0,
        "levels": LEVELS,
    }
    return render(request, "points/achievements.html", context)


def achievements_tab(request: HttpRequest, profile: Profile) -> dict[str, object]:
    """Return what the tab of a profile shows."""
    viewer: Profile | None = request.viewer
    return {
        "awards": awards_shown(profile, viewer),
        "own_awards": viewer is not None and viewer.pk == profile.pk,
    }


@require_POST
@signed_in
def award_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one of one's own awards on the profile, or hide it."""
    viewer: Profile = request.viewer
    award = get_object_or_404(Award.objects.in_force().select_related("achievement"), pk=pk, profile=viewer)
    shown = request.POST.get("shown") == "on"
    show_award(viewer, award, shown=shown)
    said = _("“%(title)s” shows on your profile.") if shown else _("“%(title)s” is hidden from others.")
    messages.success(request, said % {"title": award.achievement.title})
    return redirect(f"{viewer.get_absolute_url()}?tab=achievements")
