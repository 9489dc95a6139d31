"""Profiles for moderators; accounts, roles and keys for admins."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, bulk_action
from profiles.actions.keys import revoke_api_key
from profiles.actions.roles import set_role
from profiles.http import HttpRequest
from profiles.models import AccountDeletion, ApiKey, DataExport, Profile, Role, User
from profiles.second_factor import has_second_factor


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    """What moderators may see of a member: the public profile and the e-mail address, not the account."""

    list_display = ["name", "handle", "role", "team", "thread_count", "reply_count", "created_at", "page"]
    list_select_related = ["team"]
    list_filter = ["role", "team", ("user", admin.EmptyFieldListFilter)]
    search_fields = ["name", "handle", "=user__email"]
    search_help_text = gettext_lazy("Name, handle or full e-mail address")
    fields = [
        "name", "handle", "page", "email", "role", "team", "bio", "links", "location", "country", "pronouns", "company",
        "company_role", ("level", "reputation"), ("thread_count", "reply_count", "solution_count"), "is_bot",
        "created_at", "deactivated_at", "log_link",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user")

    @admin.display(description=gettext_lazy("page"))
    def page(self, profile: Profile) -> str:
        return format_html('<a href="{}">{}</a>', profile.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("e-mail address"))
    def email(self, profile: Profile) -> str:
        return profile.user.email if profile.user else _("Unclaimed profile")

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, profile: Profile) -> str:
        log = reverse("admin:audit_logentry_changelist")
        return format_html(
            '<a href="{}?q=by:{}">{}</a> · <a href="{}?q=profile:{}">{}</a>',
            log, profile.pk, _("Actions by this member"), log, profile.pk, _("Actions on this profile"),
        )  # fmt: skip


def _set_role(role: Role, label: Any) -> Any:
    def act(actor: Profile | None, user: User) -> None:
        profile = getattr(user, "profile", None)
        if profile is None:
            raise ValidationError(_("This account has no profile yet."))
        set_role(actor, profile, role)

    return bulk_action(f"make_{role.value}", label, act, None)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts, for admins.

    Members change their e-mail address themselves; the list's actions change roles.
    """

    list_display = ["email", "first_name", "last_name", "role", "is_active", "last_seen_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    fields = [
        "email", "verified", "first_name", "last_name", "profile_link", "role", "role_set_by_hand", "is_active", "second_factor",
        "date_joined", "last_login", "last_seen_at",
    ]  # fmt: skip
    actions = [
        _set_role(Role.MEMBER, gettext_lazy("Make member")),
        _set_role(Role.CHAMPION, gettext_lazy("Make champion")),
        _set_role(Role.MODERATOR, gettext_lazy("Make moderator")),
        _set_role(Role.ADMIN, gettext_lazy("Make admin")),
    ]

    @admin.display(description=gettext_lazy("e-mail verified"), boolean=True)
    def verified(self, user: User) -> bool:
        return user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        return has_second_factor(user)

    @admin.display(description=gettext_lazy("profile"))
    def profile_link(self, user: User) -> str:
        profile = getattr(user, "profile", None)
        if profile is None:
            return ""
        url = reverse("admin:profiles_profile_change", args=[profile.pk])
        return format_html('<a href="{}">{}</a>', url, profile)


def _revoke(actor: Profile | None, key: ApiKey) -> None:
    if actor is None or actor.user is None:
        raise PermissionDenied
    revoke_api_key(actor.user, key)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = [
        "label",
        "prefix",
        "owner",
        "scopes",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    ]
    list_select_related = ["user"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["label", "prefix", "=user__email"]
    exclude = ["digest"]
    actions = [bulk_action("revoke", gettext_lazy("Revoke"), _revoke, None)]

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, key: ApiKey) -> str:
        return key.user.email


@admin.register(AccountDeletion)
class AccountDeletionAdmin(ReadOnlyAdmin):
    """Scheduled deletions of accounts. Only their owner can cancel one."""

    list_display = ["profile", "requested_at", "due_at", "keep_posts"]
    list_select_related = ["profile"]
    list_filter = ["keep_posts"]
    search_fields = ["profile__name", "profile__handle"]


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """Requested data exports and their state. Only the owner can open the file."""

    list_display = ["profile", "requested_at", "ready_at", "expires_at", "size"]
    list_select_related = ["profile"]
    search_fields = ["profile__name", "profile__handle"]
    exclude = ["file"]
