"""What `profiles` itself forgets and hands out: the parts of the two registries that are about the account."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from community.audit.actions import erase_words, erase_words_naming
from community.audit.models import LogEntry
from integrations.models import OutboxEvent
from profiles.models import (
    AccountDeletion,
    ApiKey,
    DataExport,
    IdempotencyRecord,
    ImportedAddress,
    Nomination,
    Profile,
    User,
)
from profiles.privacy.exports import remove_export
from profiles.registries import ExportFile

SHOWN_FIELDS = (
    "id", "name", "handle", "role", "bio", "links", "location", "country", "pronouns", "company", "company_role",
    "pineapple_on_pizza", "interests", "products", "shows_interests", "level", "reputation", "thread_count", "reply_count",
    "solution_count", "created_at",
)  # fmt: skip
LOG_LIMIT = 10_000


def erase_account_traces(profile: Profile, keep_posts: bool) -> None:
    """Forget what stands about the account beside it: words of the log, admin's own log, kept answers, zips, nominations."""
    del keep_posts
    for export in DataExport.objects.filter(profile=profile):
        remove_export(export)
    with transaction.atomic():
        Nomination.objects.filter(profile=profile).delete()
        ImportedAddress.objects.filter(profile=profile).delete()
        address = f"/community/profiles/{profile.pk}/"
        answers = IdempotencyRecord.objects.annotate(text=Cast("answer", TextField()))
        answers.filter(Q(profile=profile) | Q(text__contains=address)).delete()
        told = OutboxEvent.objects.annotate(text=Cast("payload", TextField()))
        told.filter(
            Q(text__contains=address) | Q(text__contains=json.dumps(profile.name, ensure_ascii=False))
        ).delete()
        about = {Profile: profile.pk, User: profile.user_id}
        for model, pk in about.items():
            entries = AdminEntry.objects.filter(
                content_type=ContentType.objects.get_for_model(model), object_id=str(pk)
            )
            entries.update(object_repr=F("object_id"), change_message="")
        for target in _targets_of(profile):
            erase_words(target=target)
        erase_words_naming(whole_names(profile))


def whole_names(profile: Profile) -> set[str]:
    """Return what means this person and hardly anybody else: the full name, the handle, the address."""
    user = profile.user
    names = {profile.name, profile.handle}
    return names | {user.email, user.get_full_name()} if user is not None else names


def _targets_of(profile: Profile) -> Iterator[str]:
    """Yield what the log calls the person and their keys, those gone long ago as well: who made a key is in its entry."""
    yield f"profile:{profile.pk}"
    made = LogEntry.objects.filter(action="api_key.created", actor_id=profile.pk)
    yield from made.values_list("target", flat=True)


def account_parts(profile: Profile) -> Iterable[ExportFile]:
    """Yield the account as its owner knows it: profile, addresses, ways in, keys without their text, and what the log says."""
    user = profile.user
    yield ExportFile("profile.json", {name: getattr(profile, name) for name in SHOWN_FIELDS})
    if profile.bio:
        yield ExportFile("bio.md", profile.bio)
    if profile.avatar:
        yield ExportFile(f"avatar.{profile.avatar.rpartition('.')[2]}", stored=profile.avatar)
    yield ExportFile(
        "teams.json",
        list(profile.memberships.values("team__name", "title", "is_lead", "started_on", "created_at")),
    )
    if user is not None:
        yield ExportFile("account.json", _account(user))
    entries = LogEntry.objects.filter(Q(actor_id=profile.pk) | Q(target=f"profile:{profile.pk}")).order_by(
        "-id"
    )
    yield ExportFile("log.json", list(entries.values("action", "target", "created_at")[:LOG_LIMIT]))


def _account(user: User) -> dict[str, Any]:
    connected = SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data", "date_joined")
    return {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_seen": user.last_seen_at,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "connected_accounts": list(connected),
        "second_factors": list(
            Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")
        ),
        "sessions": list(
            UserSession.objects.filter(user=user).values("ip", "user_agent", "created_at", "last_seen_at")
        ),
        "api_keys": list(
            ApiKey.objects.filter(user=user).values("label", "prefix", "scopes", "created_at", "revoked_at")
        ),
        "deletion": list(
            AccountDeletion.objects.filter(profile__user=user).values("requested_at", "due_at", "keep_posts")
        ),
    }
