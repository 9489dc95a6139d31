"""The page on which a teammate is invited: their profile is prepared here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.refusals import REFUSALS, error_message
from profiles.actions.invitations import invite_teammate
from profiles.forms import country_choices
from profiles.http import HttpRequest
from profiles.models import Team
from profiles.permissions import require_moderator


class InvitationForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=79)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=79, required=False)
    company_role = forms.CharField(label=gettext_lazy("Role at the company"), max_length=120, required=False)
    title = forms.CharField(label=gettext_lazy("Role on the team"), max_length=120, required=False)
    started_on = forms.DateField(
        label=gettext_lazy("Start date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    location = forms.CharField(label=gettext_lazy("Location"), max_length=120, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=country_choices, required=False)
    avatar = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("We crop the picture to its centre."),
    )


def invite_page(request: HttpRequest, site: AdminSite, team_id: int) -> HttpResponse:
    """Show the form, or invite whom it names and go back to the team."""
    viewer = request.viewer
    require_moderator(viewer)
    team = get_object_or_404(Team, pk=team_id)
    form = InvitationForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid() and _invited(form, viewer, team):
        said = _("Invitation sent to %(name)s.") % {"name": form.cleaned_data["first_name"]}
        messages.success(request, said)
        return redirect("admin:profiles_team_changelist")
    context = {
        **site.each_context(request),
        "title": _("Invite to %(team)s") % {"team": team.name},
        "form": form,
        "team": team,
        "opts": Team._meta,
    }
    return TemplateResponse(request, "admin/invite.html", context, status=400 if form.is_bound else 200)


def _invited(form: InvitationForm, viewer: Any, team: Team) -> bool:
    try:
        invite_teammate(viewer, team, **form.cleaned_data)
    except ValidationError as error:
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, sentences in fields.items():
            name = "avatar" if name == "file" else name
            form.add_error(name if name in form.fields else None, sentences)
    except REFUSALS as refusal:
        if isinstance(refusal, PermissionDenied):
            raise
        form.add_error(None, error_message(refusal))
    return form.is_valid()
