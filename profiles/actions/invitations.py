"""Invitations to a team: create an account with its profile and e-mail a link to choose a password."""

from __future__ import annotations

from datetime import date
from typing import BinaryIO

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from community.audit import record
from community.lib import ratelimit
from profiles.actions.accounts import create_member
from profiles.actions.avatars import set_avatar
from profiles.actions.profiles import update_profile
from profiles.actions.teams import join_team
from profiles.mail.account_emails import send_account_email
from profiles.models import Profile, Team, TeamMembership, User
from profiles.permissions import require_moderator

INVITATIONS_PER_DAY = 50


def invite_teammate(
    actor: Profile | None,
    team: Team,
    *,
    email: str,
    first_name: str,
    last_name: str = "",
    title: str = "",
    company_role: str = "",
    started_on: date | None = None,
    location: str = "",
    country: str = "",
    avatar: BinaryIO | None = None,
) -> TeamMembership:
    """Create a teammate's account and profile, add them to the team, and e-mail them. For moderators.

    An existing account with that e-mail address joins the team unchanged. The link in the e-mail is the only
    way to sign in, so the address counts as verified. Raises PermissionDenied, TooMany, or ValidationError by
    field.
    """
    require_moderator(actor)
    assert actor is not None  # require_moderator raised
    ratelimit.check("invite", str(actor.pk), limit=INVITATIONS_PER_DAY, seconds=24 * 3600)
    with transaction.atomic():
        profile = _owner_of(email)
        is_new = profile is None
        if profile is None:
            profile = create_member(email, first_name=first_name, last_name=last_name, verified=True)
            details = {"location": location, "country": country, "company_role": company_role}
            update_profile(profile, profile, **{"company": settings.SITE_NAME, **details})
            if avatar is not None:
                try:
                    set_avatar(profile, profile, avatar)
                except ValidationError as refusal:
                    raise ValidationError({"avatar": refusal.messages}) from refusal
        membership = join_team(None, team, profile, title=title or company_role, started_on=started_on)
        record(
            "team.invited",
            actor_id=actor.pk,
            target=f"team:{team.pk}",
            after={"profile": profile.pk},
            title=team.name,
        )
        user = User.objects.get(pk=profile.user_id)
        transaction.on_commit(lambda: _write_to(user, actor.name, team, is_new), robust=True)
    return membership


def _owner_of(email: str) -> Profile | None:
    """Return the owner of a verified e-mail address, or None.

    Raises ValidationError for an unverified one.
    """
    typed = email.strip().lower()
    owner = (
        EmailAddress.objects.filter(email__iexact=typed)
        .select_related("user__profile")
        .order_by("-verified")
        .first()
    )
    if owner is None:
        return None
    if not owner.verified or not owner.user.is_active:
        raise ValidationError(
            {
                "email": [
                    _(
                        "The account with this e-mail address can’t join: it is closed, suspended or not verified."
                    )
                ]
            }
        )
    return owner.user.profile  # type: ignore[no-any-return]


def _write_to(user: User, inviter: str, team: Team, is_new: bool) -> None:
    facts = {"name": inviter, "team": team.name, "site": settings.SITE_NAME, "url": f"{settings.SITE_URL}/"}
    text = _("%(name)s added you to the team %(team)s at %(site)s. Sign in as usual:\n\n%(url)s")
    if is_new:
        facts |= {"url": _password_url(user), "reset": f"{settings.SITE_URL}/accounts/password/reset/"}
        text = _(
            "%(name)s added you to the team %(team)s at %(site)s and created a profile for you. "
            "Choose a password to sign in:\n\n%(url)s\n\n"
            "The link works once and expires after three days. You can request a new one here:\n\n%(reset)s"
        )
    send_account_email(user, _("You joined the team %(team)s") % {"team": team.name}, text % facts)


def _password_url(user: User) -> str:
    """Return the URL on which the mailbox's owner chooses a password."""
    known = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=known)}"
