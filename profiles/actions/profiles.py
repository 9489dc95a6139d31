"""What people say about themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from profiles.details import CLEANERS, render_bio
from profiles.hooks import hooks
from profiles.impersonation import is_exempt, refuse_handle, refuse_name
from profiles.models import Profile
from profiles.permissions import is_moderator
from profiles.restrictions import refusal_for

IMITABLE: dict[str, Callable[..., None]] = {"name": refuse_name, "handle": refuse_handle}
SHOWN_IN_BYLINES = frozenset({"name", "handle", "avatar", "tone"})


def update_profile(actor: Profile | None, profile: Profile, **fields: Any) -> Profile:
    """Change public fields of one's own profile; moderators may change anyone's, which is recorded.

    Takes the names of `details.CLEANERS`, links as kind → URL ("" to remove; kinds not named stay); other
    names are ignored. Raises PermissionDenied, or ValidationError by field.
    """
    require_editor(actor, profile)
    with transaction.atomic():
        profile = Profile.objects.select_for_update(of=("self",)).select_related("team").get(pk=profile.pk)
        changes = _checked(actor, profile, fields)
        if not changes:
            return profile
        for name, value in changes.items():
            setattr(profile, name, value)
        _save(profile, list(changes))
        hooks.profile_changed(profile.pk)
        if SHOWN_IN_BYLINES & changes.keys():
            pagecache.bump(pagecache.SITE)
        if actor is not None and actor.pk != profile.pk:
            record(
                "profile.edited",
                actor_id=actor.pk,
                target=f"profile:{profile.pk}",
                after={"fields": sorted(changes)},
            )
    return profile


def require_editor(actor: Profile | None, profile: Profile) -> None:
    """Raise PermissionDenied unless `actor` may change what `profile` shows."""
    if actor is None or (actor.pk != profile.pk and not is_moderator(actor)):
        raise PermissionDenied(_("You can only change your own profile."))
    if refusal := refusal_for(actor):
        raise PermissionDenied(refusal)


def _checked(actor: Profile | None, profile: Profile, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what changes, as it is stored.

    Values that stay as they are pass unread: imports may hold any.
    """
    changes: dict[str, Any] = {}
    refusals: dict[str, list[str]] = {}
    for name, value in fields.items():
        if name == "links" and isinstance(value, dict):
            value = {kind: url for kind, url in value.items() if url != profile.links.get(kind, "")}
        if name not in CLEANERS or value == getattr(profile, name) or value == {}:
            continue
        clean: Callable[[Any], Any] = CLEANERS[name]
        try:
            changes[name] = clean(value)
            if (
                name in IMITABLE
                and changes[name] != getattr(profile, name)
                and not (is_exempt(profile) or is_moderator(actor))
            ):
                IMITABLE[name](changes[name], but=profile)
        except ValidationError as error:
            refusals[name] = error.messages
    if refusals:
        raise ValidationError(refusals)
    if "links" in changes:
        changes["links"] = {kind: url for kind, url in {**profile.links, **changes["links"]}.items() if url}
    if "bio" in changes:
        changes["bio_html"] = render_bio(changes["bio"])
    return changes


def _save(profile: Profile, names: list[str]) -> None:
    try:
        with transaction.atomic():
            profile.save(update_fields=names)
    except IntegrityError as error:
        if "profile_handle_once" not in str(error):
            raise
        raise ValidationError({"handle": [_("This handle is taken. Choose another.")]}) from error
