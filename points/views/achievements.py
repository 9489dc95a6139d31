"""The page of all achievements, and a member's own."""

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
    "earned": lambda card: card.award is not None,
    "progress": lambda card: card.state == "warm",
}


@require_safe
def achievement_list(request: HttpRequest) -> HttpResponse:
    """Show every achievement, which ones the viewer earned, and how to earn the others."""
    viewer: Profile | None = request.viewer
    cards = cards_for(viewer)
    show = request.GET.get("show", "") if viewer is not None else ""
    show = show if show in SHOWS else "all"
    shown: list[Card] = [card for card in cards if SHOWS[show](card)]
    context = {
        "area": "people", "groups": by_group(shown), "show": show, "total": len(cards), "levels": LEVELS,
        "earned": sum(card.award is not None for card in cards),
        "secrets": secret_count(viewer) if show == "all" else 0,
    }  # fmt: skip
    return render(request, "points/achievements.html", context)


def achievements_tab(request: HttpRequest, profile: Profile) -> dict[str, object]:
    """Return the context of a profile's tab."""
    viewer: Profile | None = request.viewer
    return {
        "awards": awards_shown(profile, viewer),
        "own_awards": viewer is not None and viewer.pk == profile.pk,
    }


@require_POST
@signed_in
def award_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one of the viewer's awards on their profile, or hide it."""
    viewer: Profile = request.viewer
    award = get_object_or_404(Award.objects.in_force().select_related("achievement"), pk=pk, profile=viewer)
    shown = request.POST.get("shown") == "on"
    show_award(viewer, award, shown=shown)
    said = (
        _("“%(title)s” is shown on your profile.") if shown else _("“%(title)s” is hidden on your profile.")
    )
    messages.success(request, said % {"title": award.achievement.title})
    return redirect(f"{viewer.get_absolute_url()}?tab=achievements")
