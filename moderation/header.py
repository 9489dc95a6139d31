"""What moderation adds to the header of a profile: report it; for moderators, take action and open it in admin."""

from __future__ import annotations

from moderation.permissions import may_act_on
from profiles.http import HttpRequest
from profiles.models import Profile
from profiles.permissions import is_moderator
from profiles.registries import ProfilePart, add_header_part


def add_parts() -> None:
    add_header_part(
        ProfilePart("report", "moderation/fragments/report_button.html", _whom, _is_another), place=80
    )
    add_header_part(
        ProfilePart("sanction", "moderation/fragments/sanction_button.html", _whom, may_act_on), place=90
    )
    add_header_part(
        ProfilePart("admin", "moderation/fragments/profile_tools.html", _whom, _is_moderators), place=95
    )


def _whom(request: HttpRequest, profile: Profile) -> dict[str, object]:
    return {"id": profile.pk, "is_me": request.viewer == profile}


def _is_another(viewer: Profile | None, profile: Profile) -> bool:
    return viewer is None or viewer.pk != profile.pk


def _is_moderators(viewer: Profile | None, profile: Profile) -> bool:
    return is_moderator(viewer)
