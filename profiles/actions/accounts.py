"""Create accounts and their profiles."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrations.actions import announce
from integrations.events import MEMBER_JOINED
from profiles.actions.handles import make_profile
from profiles.actions.roles import set_role
from profiles.impersonation import kept_handles
from profiles.models import Profile, Role, User
from profiles.models.profile import Trust
from profiles.names import NAME_LIMIT, clean_name


def create_member(
    email: str,
    *,
    first_name: str,
    last_name: str = "",
    password: str | None = None,
    role: str = Role.MEMBER,
    verified: bool = False,
    bot: bool = False,
) -> Profile:
    """Create an account with its profile; without a password the person uses the reset link.

    A bot posts by API key, gets no e-mails and no notifications, earns no points and is marked as a bot.

    For commands and other actions, which answer for who may call it. Raises ValidationError by field.
    """
    email = email.strip().lower()
    _check(email, first_name, last_name)
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    email, password, first_name=clean_name(first_name), last_name=clean_name(last_name)
                )
        except IntegrityError as error:
            raise ValidationError(
                {"email": [_("An account with this e-mail address already exists.")]}
            ) from error
        EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
        profile = give_profile(user)
        # The account was created by hand, so the limits for new members who sign up don't apply.
        profile.trust = Trust.KNOWN
        profile.is_bot = bot
        profile.save(update_fields=["trust", "is_bot"])
        if role != Role.MEMBER:
            set_role(None, profile, role)
    return profile


def _check(email: str, first_name: str, last_name: str) -> None:
    refusals: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        refusals["email"] = [_("Enter a valid e-mail address.")]
    for field, value in (("first_name", first_name), ("last_name", last_name)):
        try:
            clean_name(value, User._meta.get_field(field).max_length or NAME_LIMIT)
        except ValidationError as error:
            refusals[field] = error.messages
    if not first_name.strip():
        refusals["first_name"] = [_("Enter a name.")]
    if refusals:
        raise ValidationError(refusals)


@transaction.atomic
def give_profile(user: User) -> Profile:
    """Return the user's profile, made from their name if there is none.

    Safe to call twice at once: the user is locked.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    found = Profile.objects.filter(user=user).first()
    if found is None:
        kept = kept_handles() if user.role == Role.MEMBER else frozenset()
        found = make_profile(
            user.get_full_name()[:NAME_LIMIT] or _("New member"), kept=kept, user=user, role=user.role
        )
        payload = {
            "member": found.name,
            "member_id": found.pk,
            "url": f"{settings.SITE_URL}{found.get_absolute_url()}",
        }
        announce(MEMBER_JOINED, payload, source_key=f"member.joined:{found.pk}")
    return found
