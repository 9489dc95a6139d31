"""The picture beside a name."""

from __future__ import annotations

import secrets
from functools import partial
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from community import pagecache
from community.audit import record
from community.lib import images, ratelimit
from community.lib.media import store
from profiles.actions.profiles import require_editor
from profiles.hooks import hooks
from profiles.models import Profile, Team
from profiles.permissions import require_team_editor

CHANGES_PER_HOUR = 20


def set_avatar(actor: Profile | None, profile: Profile, file: BinaryIO) -> Profile:
    """Set a picture, cropped to its centre and re-encoded.

    Raises PermissionDenied, TooMany, or ValidationError by field.
    """
    require_editor(actor, profile)
    ratelimit.check("avatar", str(profile.pk), limit=CHANGES_PER_HOUR, seconds=3600)
    return _show(profile, _stored("avatars", file))


def remove_avatar(actor: Profile | None, profile: Profile) -> Profile:
    """Go back to the initials. Raises PermissionDenied."""
    require_editor(actor, profile)
    return _show(profile, "")


@transaction.atomic
def _show(profile: Profile, name: str) -> Profile:
    """Point the profile to the file `name` and delete the old file on commit."""
    old = Profile.objects.select_for_update(of=("self",)).values_list("avatar", flat=True).get(pk=profile.pk)
    profile.avatar = name
    profile.save(update_fields=["avatar"])
    hooks.profile_changed(profile.pk)
    pagecache.bump(pagecache.SITE)
    if old:
        forget_file(old)
    return profile


def set_crest(actor: Profile | None, team: Team, file: BinaryIO) -> Team:
    """Set a team's crest, cropped and re-encoded.

    Raises PermissionDenied, TooMany, or ValidationError by field.
    """
    require_team_editor(actor, team)
    ratelimit.check("crest", str(team.pk), limit=CHANGES_PER_HOUR, seconds=3600)
    name = _stored("crests", file)
    with transaction.atomic():
        old = Team.objects.select_for_update().values_list("crest", flat=True).get(pk=team.pk)
        team.crest = name
        team.save(update_fields=["crest"])
        record(
            "team.crest_changed",
            actor_id=actor.pk if actor else None,
            target=f"team:{team.pk}",
            title=team.name,
        )
        pagecache.bump(pagecache.SITE)
        if old:
            forget_file(old)
    return team


def forget_file(name: str) -> None:
    """Delete a stored picture once the transaction is committed."""
    transaction.on_commit(partial(default_storage.delete, name))


def _stored(folder: str, file: BinaryIO) -> str:
    """Store the middle of a picture as a square of twice the largest size it is shown at, and return its name."""
    try:
        drawn = images.square_avatar(file)
    except images.ImageRefused as refusal:
        raise ValidationError({"file": [str(refusal)]}) from refusal
    return store(f"{folder}/{secrets.token_urlsafe(16)}.webp", ContentFile(drawn[max(drawn)]))
