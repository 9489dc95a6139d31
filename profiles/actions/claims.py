"""Imported authors claim their profile with its posts by verifying the e-mail address they had."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from community import pagecache
from community.audit import record
from community.lib.sealed import fingerprint, fingerprints
from profiles.actions.teams import raise_role
from profiles.models import ImportedAddress, Profile, User
from profiles.privacy.deletion import forget


def remember_email(profile: Profile, email: str) -> bool:
    """Store a keyed digest of an imported author's e-mail address.

    Returns whether it is new. For imports and commands.

    Raises ValidationError for an invalid address, a claimed profile, and another author's address.
    """
    email = email.strip().lower()
    validate_email(email)
    if profile.user_id is not None or profile.import_key is None:
        raise ValidationError(
            _("Only an unclaimed imported author can have an e-mail address to claim it with.")
        )
    digests = fingerprints(email)
    known = ImportedAddress.objects.filter(digest__in=digests).first()
    if known is not None:
        if known.profile_id == profile.pk:
            return False
        raise ValidationError(_("This e-mail address belongs to another imported author."))
    try:
        with transaction.atomic():
            ImportedAddress.objects.update_or_create(profile=profile, defaults={"digest": fingerprint(email)})
    except IntegrityError as error:
        raise ValidationError(_("This e-mail address belongs to another imported author.")) from error
    return True


def claim_imported(user: User) -> Profile | None:
    """Return the imported author's profile whose e-mail address `user` verified, now theirs.

    None if there is none.

    Only for members who have posted nothing: their empty profile is deleted. Safe to run twice. Locks account
    and profiles.
    """
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    digests = [digest for email in proved for digest in fingerprints(email.lower())]
    found = ImportedAddress.objects.filter(
        digest__in=digests, profile__user=None, profile__deactivated_at=None
    )
    if not digests or not found.exists():
        return None
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        claim = found.select_for_update(of=("self",)).order_by("profile_id").first()
        empty = Profile.objects.select_for_update(of=("self",)).filter(user=user).first()
        if claim is None or (empty is not None and (empty.import_key or _has_written(empty))):
            return None
        author = Profile.objects.select_for_update(of=("self",)).get(pk=claim.profile_id)
        if empty is not None:
            _remove(empty)
        author.user, author.role = user, user.role
        author.save(update_fields=["user", "role"])
        claim.delete()
        raise_role(author)
        record(
            "profile.claimed",
            actor_id=author.pk,
            target=f"profile:{author.pk}",
            before={"profile": empty.pk if empty else None},
        )
        pagecache.bump(pagecache.SITE)
    return author


def _has_written(profile: Profile) -> bool:
    return bool(profile.thread_count or profile.reply_count or profile.memberships.exists())


def _remove(empty: Profile) -> None:
    """Delete the profile that sign-up made.

    Where something points to it for good, it stays without name and page.
    """
    Profile.objects.filter(pk=empty.pk).update(user=None)
    empty.user = None
    try:
        with transaction.atomic():
            empty.delete()
    except ProtectedError:
        forget(empty)
