"""Settings pages: profile, security, devices, API keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.internal.flows.sessions import end_sessions
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib.refusals import add_errors
from profiles.actions.avatars import remove_avatar, set_avatar
from profiles.actions.keys import create_api_key, revoke_api_key
from profiles.actions.profiles import update_profile
from profiles.forms import ApiKeyForm, AvatarForm, ProfileForm
from profiles.http import HttpRequest
from profiles.models import ApiKey, Profile
from profiles.queries import keys_of, sessions_of
from profiles.second_factor import has_second_factor
from profiles.views.guards import signed_in, signed_in_lately


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile_settings(request: HttpRequest) -> HttpResponse:
    """Edit one's own public profile."""
    viewer: Profile = request.viewer
    form = ProfileForm(request.POST if request.method == "POST" else None, profile=viewer, viewer=viewer)
    if submit(form, lambda: update_profile(viewer, viewer, **form.values())):
        messages.success(request, _("Profile saved."))
        return redirect("settings-profile")
    return settings_page(request, "profile", form=form, avatar_form=AvatarForm())


@require_POST
@signed_in
def avatar_change(request: HttpRequest) -> HttpResponse:
    """Upload a picture, or (`remove`) go back to the initials."""
    viewer: Profile = request.viewer
    if "remove" in request.POST:
        remove_avatar(viewer, viewer)
        messages.success(request, _("Picture removed."))
        return redirect("settings-profile")
    form = AvatarForm(request.POST, request.FILES)
    if submit(form, lambda: set_avatar(viewer, viewer, form.cleaned_data["file"])):
        messages.success(request, _("Picture saved."))
        return redirect("settings-profile")
    return settings_page(
        request, "profile", form=ProfileForm(profile=viewer, viewer=viewer), avatar_form=form, status=400
    )


@require_safe
@signed_in
def security_settings(request: HttpRequest) -> HttpResponse:
    """Link to allauth's pages: password, e-mail address, two-factor authentication."""
    user = request.user
    return settings_page(request, "security", email=user.email, has_second_factor=has_second_factor(user))  # type: ignore[union-attr, arg-type]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def session_settings(request: HttpRequest) -> HttpResponse:
    """List the devices one is signed in on; a POST signs out one (`session`) or all others."""
    sessions = sessions_of(request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        return settings_page(request, "sessions", sessions=sessions)
    chosen = request.POST.get("session")
    ended = [one for one in sessions if not one.is_current() and (not chosen or str(one.pk) == chosen)]
    end_sessions(request, ended)
    count = len(ended)
    said = ngettext("Signed out of %(count)d device.", "Signed out of %(count)d devices.", count)
    messages.success(request, said % {"count": count})
    return redirect("settings-sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required(allow_get=True, enabled=lambda request: not signed_in_lately(request))
def api_keys(request: HttpRequest) -> HttpResponse:
    """List and create API keys. A new key is shown once, in the response that created it."""
    user = request.viewer.user
    form, made = ApiKeyForm(request.POST if request.method == "POST" else None), []
    if submit(form, lambda: made.append(create_api_key(user, **form.values()))):
        form = ApiKeyForm()
    return settings_page(request, "keys", form=form, keys=keys_of(user), made=made[0][1] if made else "")


@require_POST
@signed_in
def api_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke an API key."""
    user = request.viewer.user
    revoke_api_key(user, get_object_or_404(ApiKey, pk=pk, user=user))
    messages.success(request, _("API key revoked."))
    return redirect("settings-keys")


def submit(form: Form, action: Callable[[], object]) -> bool:
    """Run the action if the form was sent and is valid.

    Return whether it went through; refusals show beside the fields.
    """
    if not form.is_bound or not form.is_valid():
        return False
    try:
        action()
    except (PermissionDenied, ValidationError) as refusal:
        add_errors(form, refusal)
    return form.is_valid()


def settings_page(
    request: HttpRequest, part: str, *, form: Form | None = None, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a settings page, with status 400 when its form was refused."""
    status = 400 if form is not None and form.is_bound else status
    context |= {"area": "settings", "part": part, "form": form}
    return render(request, f"settings/{part}.html", context, status=status)
