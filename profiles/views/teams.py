"""Small teams: all of them, one with its people, what a job listing needs of it, and changing it as its lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.lib.embedding import is_allowed
from profiles.actions.avatars import set_crest
from profiles.actions.teams import change_membership, change_team
from profiles.forms import CrestForm, MembershipForm, TeamForm
from profiles.http import HttpRequest
from profiles.models import Profile, Team
from profiles.permissions import may_edit_team
from profiles.pineapple import verdict_of
from profiles.queries import members_of, people_on_teams, teams_shown
from profiles.views.guards import signed_in
from profiles.views.settings import accepted

TEAMS_PER_PAGE = 24
PEOPLE_PER_PAGE = 60


@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """Every team, with its crest and some of its faces."""
    page = Paginator(teams_shown(), TEAMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "profiles/teams.html", {"area": "people", "page": page})


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Everyone on a team, and nobody else."""
    chosen = request.GET.get("team", "")[:80]
    teams = list(Team.objects.all()[:TEAMS_PER_PAGE])
    page = Paginator(people_on_teams(chosen), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"area": "people", "page": page, "teams": teams, "chosen": chosen}
    return render(request, "profiles/people.html", context)


@require_safe
def team_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One team and who is on it."""
    team = get_object_or_404(Team, slug=slug)
    may_edit = may_edit_team(request.viewer, team)
    return render(request, "profiles/team.html", {"area": "people", "may_edit": may_edit, **_shown(team)})


@require_safe
def team_jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom one would work with: for job listings."""
    return render(
        request, "profiles/jobs.html", {"area": "people", **_shown(get_object_or_404(Team, slug=slug))}
    )


@require_safe
def team_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a piece of HTML without style or script, for pages of the sites in EMBED_ORIGINS."""
    response = render(
        request, "profiles/fragments/jobs_embed.html", _shown(get_object_or_404(Team, slug=slug))
    )
    origin = request.headers.get("Origin", "")
    if origin and is_allowed(origin):
        response["Access-Control-Allow-Origin"] = origin
    patch_vary_headers(response, ["Origin"])
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "public, max-age=300"
    return response


def _shown(team: Team) -> dict[str, Any]:
    members = members_of(team)
    return {
        "team": team,
        "members": members,
        "verdict": verdict_of(one.profile.pineapple_on_pizza for one in members),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def team_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the tagline (`do` is words), the crest (crest), or what somebody does on the team (their membership's number)."""
    team = get_object_or_404(Team, slug=slug)
    viewer: Profile = request.viewer
    if not may_edit_team(viewer, team):
        raise PermissionDenied(_("Only the team’s leads and admins can change this."))
    do = request.POST.get("do", "")
    words = TeamForm(request.POST if do == "words" else None, initial={"tagline": team.tagline})
    crest = CrestForm(request.POST if do == "crest" else None, request.FILES if do == "crest" else None)
    rows = [_row(request, one, do) for one in members_of(team)]
    acts: list[tuple[Form, Callable[[], object]]] = [
        (words, lambda: change_team(viewer, team, tagline=words.cleaned_data["tagline"])),
        (crest, lambda: set_crest(viewer, team, crest.cleaned_data["file"])),
        *((form, _changing(viewer, one, form)) for one, form in rows),
    ]
    for form, act in acts:
        if form.is_bound and form.is_valid() and accepted(form, act):
            messages.success(request, _("Saved."))
            return redirect("team-edit", slug=slug)
    context = {"area": "people", "team": team, "words": words, "crest": crest, "rows": rows}
    return render(
        request, "profiles/team_edit.html", context, status=400 if request.method == "POST" else 200
    )


def _row(request: HttpRequest, membership: Any, do: str) -> tuple[Any, MembershipForm]:
    chosen = do == str(membership.pk)
    initial = {"title": membership.title, "started_on": membership.started_on}
    return membership, MembershipForm(
        request.POST if chosen else None, initial=initial, prefix=f"m{membership.pk}"
    )


def _changing(viewer: Profile, membership: Any, form: Form) -> Callable[[], object]:
    return lambda: change_membership(
        viewer, membership, title=form.cleaned_data["title"], started_on=form.cleaned_data["started_on"]
    )
