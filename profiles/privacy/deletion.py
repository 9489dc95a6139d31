"""Account deletion: requested by its owner, and carried out after two weeks by a job that may run twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from community import pagecache
from community.audit import record
from profiles.actions.avatars import forget_file
from profiles.actions.roles import lock_accounts
from profiles.actions.teams import leave_team
from profiles.mail.account_emails import send_account_email
from profiles.models import AccountDeletion, Profile, Role, User
from profiles.models.profile import Pineapple
from profiles.registries import ERASERS

GRACE = timedelta(days=14)
BATCH = 20


def request_deletion(actor: Profile | None, *, keep_posts: bool) -> AccountDeletion:
    """Schedule the deletion of one's own account in two weeks.

    A repeated request changes the choice, not the day.

    Raises PermissionDenied, or ValidationError for the only admin.
    """
    if actor is None or actor.user is None:
        raise PermissionDenied(_("Sign in first."))
    with transaction.atomic():
        user, other_admins = lock_accounts(actor.user.pk)
        if user.role == Role.ADMIN and not other_admins:
            raise ValidationError(_("You are the only admin. Make someone else an admin first."))
        now = timezone.now()
        deletion, made = AccountDeletion.objects.get_or_create(
            profile=actor, defaults={"keep_posts": keep_posts, "requested_at": now, "due_at": now + GRACE}
        )
        if not made and deletion.keep_posts != keep_posts:
            deletion.keep_posts = keep_posts
            deletion.save(update_fields=["keep_posts"])
        if made:
            facts = {"due_at": deletion.due_at.isoformat(), "keep_posts": keep_posts}
            record("account.deletion_requested", actor_id=actor.pk, target=f"profile:{actor.pk}", after=facts)
            transaction.on_commit(lambda: _write_to(user, deletion.due_at), robust=True)
    return deletion


def cancel_deletion(actor: Profile | None) -> None:
    """Cancel the deletion. Safe to run twice. Raises PermissionDenied."""
    if actor is None:
        raise PermissionDenied(_("Sign in first."))
    with transaction.atomic():
        if AccountDeletion.objects.filter(profile=actor).delete()[0]:
            record("account.deletion_cancelled", actor_id=actor.pk, target=f"profile:{actor.pk}")


def delete_due_accounts(now: datetime | None = None) -> int:
    """Delete the accounts that are due and return how many. Safe to run twice and concurrently."""
    due = AccountDeletion.objects.filter(due_at__lte=now or timezone.now()).order_by("due_at")
    return sum(_delete(pk) for pk in due.values_list("pk", flat=True)[:BATCH])


def _delete(deletion_id: int) -> bool:
    """Close the account, run every app's eraser, then anonymise the profile.

    An interrupted run starts again.
    """
    with transaction.atomic():
        rows = AccountDeletion.objects.select_for_update(of=("self",), skip_locked=True).select_related(
            "profile__user"
        )
        deletion = rows.filter(pk=deletion_id).first()
        if deletion is None:
            return False
        profile, keep_posts = deletion.profile, deletion.keep_posts
        close(profile)
    for erase in reversed(list(ERASERS)):
        erase(profile, keep_posts)
    for membership in profile.memberships.select_related("team", "profile"):
        leave_team(None, membership)
    with transaction.atomic():
        if not AccountDeletion.objects.select_for_update().filter(pk=deletion_id).exists():
            return False
        forget(profile)
        record(
            "account.deleted",
            actor_id=profile.pk,
            target=f"profile:{profile.pk}",
            after={"keep_posts": keep_posts},
        )
    return True


def close(profile: Profile) -> None:
    """End all access: sessions, API keys and password."""
    user = profile.user
    if user is None:
        return
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    user.api_keys.all().delete()


def forget(profile: Profile) -> None:
    """Anonymise the profile; it stays for the posts and the replies to them."""
    profile = Profile.objects.select_for_update(of=("self",)).select_related("user").get(pk=profile.pk)
    user, avatar = profile.user, profile.avatar
    with override(settings.LANGUAGE_CODE):
        profile.name = _("Former member")
    profile.handle, profile.role = f"former-{profile.pk}", Role.MEMBER
    profile.team = profile.user = profile.import_key = None
    for name in EMPTIED:
        setattr(profile, name, "")
    profile.links, profile.pineapple_on_pizza, profile.shows_interests = {}, Pineapple.PRIVATE, False
    profile.deactivated_at = profile.deactivated_at or timezone.now()
    profile.save()
    AccountDeletion.objects.filter(profile=profile).delete()
    if user is not None:
        user.delete()
    if avatar:
        forget_file(avatar)
    pagecache.bump(pagecache.SITE, pagecache.LISTS)


EMPTIED = (
    "avatar", "bio", "bio_html", "location", "country", "pronouns", "company", "company_role", "interests", "products",
)  # fmt: skip


def _write_to(user: User, due_at: datetime) -> None:
    text = _(
        "We will delete your account at %(site)s on %(day)s, as you requested.\n\nUntil then you can cancel the deletion:\n\n"
        "%(url)s\n\nIf you didn’t request this, sign in, cancel the deletion and change your password."
    )
    url = f"{settings.SITE_URL}/settings/data/"
    facts = {"site": settings.SITE_NAME, "day": f"{due_at:%d %B %Y}", "url": url}
    send_account_email(user, _("Your account will be deleted"), text % facts)
