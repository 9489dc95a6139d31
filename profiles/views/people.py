"""Public profiles, and editing one in place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.lib.htmx import is_htmx
from profiles.actions.profiles import require_editor, update_profile
from profiles.forms import ProfileForm
from profiles.http import HttpRequest
from profiles.link_holding import hold_links, links_held
from profiles.models import Profile
from profiles.queries import cohort_of, is_worth_indexing, profile_page, teammates_of
from profiles.registries import header_parts, open_tab
from profiles.structured import of_profile
from profiles.views.guards import signed_in
from profiles.views.settings import submit


@require_safe
def profile_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A public profile."""
    viewer: Profile | None = request.viewer
    profile = get_object_or_404(profile_page(viewer), pk=pk)
    tab, tabs = open_tab(request.GET.get("tab", ""), viewer, profile)
    is_me = viewer is not None and viewer.pk == pk
    indexed = is_worth_indexing(profile)
    hold_links(viewer, [profile])
    context = {
        "area": "people",
        "profile": profile,
        "tabs": tabs,
        "tab": tab,
        "is_me": is_me,
        "indexed": indexed,
        **(tab.context(request, profile) if tab is not None else {}),
        "header_parts": header_parts(request, profile),
        "teams": teammates_of(profile),
        "cohort": cohort_of(profile),
        "links_wait": is_me and bool(profile.links) and links_held(profile),
        "structured": of_profile(profile) if viewer is None and indexed else "",
    }
    response = render(request, "profiles/profile.html", context)
    if not indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit a profile, in place of its header or on a page of its own."""
    viewer: Profile = request.viewer
    profile = get_object_or_404(Profile.objects.visible_to(viewer), pk=pk)
    require_editor(viewer, profile)
    form = ProfileForm(request.POST if request.method == "POST" else None, profile=profile, viewer=viewer)
    if submit(form, lambda: update_profile(viewer, profile, **form.values())):
        messages.success(request, _("Profile saved."))
        return redirect(profile)
    context = {"area": "people", "profile": profile, "form": form}
    if is_htmx(request):
        return render(request, "profiles/fragments/edit.html", context)
    return render(request, "profiles/edit.html", context, status=400 if form.is_bound else 200)
