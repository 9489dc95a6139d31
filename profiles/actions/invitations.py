"""Inviting somebody to a team: an account with its profile is made for them, and a letter lets them in without a password."""

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
    """Prepare a teammate's account and profile, put them on the team, and write to them; moderators may.

    Whoever has an account with that address already joins with it, and their profile stays theirs. The mailbox is the only way
    in, so the address counts as verified. Raises PermissionDenied, TooMany, or ValidationError by field.
    """
    require_moderator(actor)
    assert actor is not None  # said by the line above
    ratelimit.check("invite", str(actor.pk), limit=INVITATIONS_PER_DAY, seconds=24 * 3600)
    with transaction.atomic():
        profile = _owner_of(email)
        is_new = profile is None
        if profile is None:
            profile = create_member(email, first_name=first_name, last_name=last_name, verified=True)
            details = {"location": location, "country": country, "company_role": company_role}
            update_profile(profile, profile, **{"company": settings.SITE_NAME, **details})
            if avatar is not None:
                set_avatar(profile, profile, avatar)
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
    """Return whose proved address it is. One that somebody only claims to have invites nobody."""
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
                    _("There is an account with this address that cannot join: it is closed or not verified.")
                ]
            }
        )
    return owner.user.profile  # type: ignore[no-any-return]


def _write_to(user: User, inviter: str, team: Team, is_new: bool) -> None:
    facts = {
        "name": inviter,
        "team": team.name,
        "site": settings.SITE_NAME,
        "address": f"{settings.SITE_URL}/",
    }
    text = _("%(name)s put you on the team %(team)s at %(site)s. Sign in as you always do:\n\n%(address)s")
    if is_new:
        facts["address"] = _way_in(user)
        facts["reset"] = f"{settings.SITE_URL}/accounts/password/reset/"
        text = _(
            "%(name)s put you on the team %(team)s at %(site)s, and prepared a profile for you. "
            "Choose a password and come in:\n\n%(address)s\n\n"
            "The link works once, for three days. After that, ask for another here:\n\n%(reset)s"
        )
    send_account_email(user, _("You are on the team %(team)s") % {"team": team.name}, text % facts)


def _way_in(user: User) -> str:
    """Return the address that lets the mailbox's owner choose a password."""
    known = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=known)}"
