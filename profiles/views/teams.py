"""Team pages: list, detail, job listings, and editing by leads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
from profiles.models import Profile, Team, TeamMembership
from profiles.permissions import may_edit_team
from profiles.pineapple import verdict_of
from profiles.queries import members_of, people_on_teams, teams_shown
from profiles.views.guards import signed_in
from profiles.views.settings import submit

TEAMS_PER_PAGE = 24
PEOPLE_PER_PAGE = 60


@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    """List the teams."""
    page = Paginator(teams_shown(), TEAMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "profiles/teams.html", {"area": "people", "page": page})


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """List everyone on a team."""
    chosen = request.GET.get("team", "")[:80]
    teams = list(Team.objects.all()[:TEAMS_PER_PAGE])
    page = Paginator(people_on_teams(chosen), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    context = {"area": "people", "page": page, "teams": teams, "chosen": chosen}
    return render(request, "profiles/people.html", context)


@require_safe
def team_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A team and its members."""
    team = get_object_or_404(Team, slug=slug)
    may_edit = may_edit_team(request.viewer, team)
    return render(request, "profiles/team.html", {"area": "people", "may_edit": may_edit, **_shown(team)})


@require_safe
def team_jobs(request: HttpRequest, slug: str) -> HttpResponse:
    """A team page for job listings."""
    return render(
        request, "profiles/jobs.html", {"area": "people", **_shown(get_object_or_404(Team, slug=slug))}
    )


@require_safe
def team_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as HTML without styles and scripts, for the sites in EMBED_ORIGINS."""
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
    """Edit the tagline (`do` is words), the crest (crest), or a membership (its number)."""
    team = get_object_or_404(Team, slug=slug)
    viewer: Profile = request.viewer
    if not may_edit_team(viewer, team):
        raise PermissionDenied(_("Only the team’s leads and admins can change this."))
    do = request.POST.get("do", "")
    words = TeamForm(request.POST if do == "words" else None, initial={"tagline": team.tagline})
    crest = CrestForm(request.POST if do == "crest" else None, request.FILES if do == "crest" else None)
    rows = [(row, _form_of(row, request.POST if do == str(row.pk) else None)) for row in members_of(team)]
    actions: list[tuple[Form, Callable[[], object]]] = [
        (words, lambda: change_team(viewer, team, **words.cleaned_data)),
        (crest, lambda: set_crest(viewer, team, crest.cleaned_data["file"])),
        *((form, partial(_change, viewer, row, form)) for row, form in rows),
    ]
    if any(submit(form, action) for form, action in actions):
        messages.success(request, _("Saved."))
        return redirect("team-edit", slug=slug)
    context = {"area": "people", "team": team, "words": words, "crest": crest, "rows": rows}
    status = 400 if request.method == "POST" else 200
    return render(request, "profiles/team_edit.html", context, status=status)


def _form_of(row: TeamMembership, data: Any) -> MembershipForm:
    initial = {"title": row.title, "started_on": row.started_on}
    return MembershipForm(data, initial=initial, prefix=f"m{row.pk}")


def _change(viewer: Profile, row: TeamMembership, form: Form) -> None:
    change_membership(viewer, row, **form.cleaned_data)
