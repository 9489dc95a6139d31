"""Champions: nominated by moderators, invited by admins, and champions once they accept."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.audit import record
from profiles.actions.notifications import notify
from profiles.actions.roles import lock_accounts, set_role
from profiles.models import Cohort, Nomination, Profile, Role, User
from profiles.names import clean_line
from profiles.permissions import require_admin, require_moderator

CHAMPION = "champion"
WHY_LIMIT = 300


def nominate(actor: Profile | None, cohort: Cohort, profile: Profile, *, why: str = "") -> Nomination:
    """Nominate a member as a champion; for moderators.

    Safe to run twice. Raises PermissionDenied, or ValidationError by field.
    """
    require_moderator(actor)
    if refusal := why_not(profile):
        raise ValidationError({"profile": [refusal]})
    with transaction.atomic():
        nomination, made = Nomination.objects.get_or_create(
            cohort=cohort,
            profile=profile,
            defaults={"nominated_by": actor, "why": clean_line(why, WHY_LIMIT)},
        )
        if made:
            _note("champion.nominated", actor, nomination)
    return nomination


def why_not(profile: Profile) -> str | None:
    """Return why a member cannot be nominated, or None."""
    if profile.user_id is None or profile.deactivated_at is not None:
        return _("This profile has no active account, so it can’t be nominated.")
    return None if profile.role == Role.MEMBER else _("Only people with the role Member can be nominated.")


def invite(actor: Profile | None, nomination: Nomination) -> bool:
    """Invite a nominee; for admins. Returns whether they were invited now. Raises PermissionDenied."""
    require_admin(actor)
    with transaction.atomic():
        now = timezone.now()
        if not Nomination.objects.filter(pk=nomination.pk, invited_at=None).update(invited_at=now):
            return False
        notify(
            [nomination.profile_id],
            CHAMPION,
            source_key=f"nomination:{nomination.pk}",
            title=_("You’re invited to become a champion"),
            url=f"/community/champions/{nomination.pk}/",
        )
        _note("champion.invited", actor, nomination)
    nomination.invited_at = now
    return True


def answer(actor: Profile | None, nomination: Nomination, *, accepted: bool) -> Nomination:
    """Accept or decline one's own invitation, once.

    Accepting makes a champion on the next request. Raises PermissionDenied.

    Locks the account, then the nomination.
    """
    if actor is None or actor.pk != nomination.profile_id or nomination.invited_at is None:
        raise PermissionDenied(_("This invitation is for another member."))
    with transaction.atomic():
        lock_accounts(actor.user_id)  # type: ignore[arg-type]  # an actor has an account
        nomination = Nomination.objects.select_for_update(of=("self",)).get(pk=nomination.pk)
        if nomination.accepted_at or nomination.declined_at:
            return nomination
        field = "accepted_at" if accepted else "declined_at"
        setattr(nomination, field, timezone.now())
        nomination.save(update_fields=[field])
        if accepted and User.objects.get(pk=actor.user_id).role == Role.MEMBER:
            set_role(None, actor, Role.CHAMPION, by_hand=False)
        _note("champion.accepted" if accepted else "champion.declined", actor, nomination)
    return nomination


def end(actor: Profile | None, nomination: Nomination) -> None:
    """End a champion's role: they become a member again, unless their role is higher by now.

    Raises PermissionDenied.
    """
    require_admin(actor)
    with transaction.atomic():
        profile = Profile.objects.get(pk=nomination.profile_id)
        if profile.user_id is not None:
            lock_accounts(profile.user_id)
        if not Nomination.objects.filter(pk=nomination.pk).delete()[0]:
            return
        others = Nomination.objects.filter(profile=profile, accepted_at__isnull=False)
        user = User.objects.filter(pk=profile.user_id).first()
        if user is not None and user.role == Role.CHAMPION and not others.exists():
            set_role(None, profile, Role.MEMBER, by_hand=False)
        _note("champion.ended", actor, nomination)


def _note(action: str, actor: Profile | None, nomination: Nomination) -> None:
    facts = {"cohort": nomination.cohort_id}
    record(
        action, actor_id=actor.pk if actor else None, target=f"profile:{nomination.profile_id}", after=facts
    )
