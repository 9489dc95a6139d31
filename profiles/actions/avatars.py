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
from community.lib import images, ratelimit
from profiles.actions.profiles import require_editor
from profiles.models import Profile

CHANGES_PER_HOUR = 20


def set_avatar(actor: Profile | None, profile: Profile, file: BinaryIO) -> Profile:
    """Show the middle of a picture, drawn anew. Raises PermissionDenied, TooMany, or ValidationError({"file": sentence})."""
    require_editor(actor, profile)
    ratelimit.check("avatar", str(profile.pk), limit=CHANGES_PER_HOUR, seconds=3600)
    try:
        drawn = images.square_avatar(file)
    except images.ImageRefused as refusal:
        raise ValidationError({"file": [str(refusal)]}) from refusal
    name = default_storage.save(f"avatars/{secrets.token_urlsafe(16)}.webp", ContentFile(drawn[max(drawn)]))
    return _show(profile, name)


def remove_avatar(actor: Profile | None, profile: Profile) -> Profile:
    """Go back to the initials. Raises PermissionDenied."""
    require_editor(actor, profile)
    return _show(profile, "")


@transaction.atomic
def _show(profile: Profile, name: str) -> Profile:
    """Point the profile to the file `name`; the old file goes once that is certain."""
    old = Profile.objects.select_for_update(of=("self",)).values_list("avatar", flat=True).get(pk=profile.pk)
    profile.avatar = name
    profile.save(update_fields=["avatar"])
    pagecache.bump(pagecache.SITE)
    if old:
        transaction.on_commit(partial(default_storage.delete, old))
    return profile
