"""Profiles for moderators; accounts, roles and keys for admins."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import BULK_LIMIT, ReadOnlyAdmin
from community.lib.refusals import REFUSALS, error_message
from profiles.actions.keys import revoke_api_key
from profiles.actions.roles import set_role
from profiles.http import HttpRequest
from profiles.models import AccountDeletion, ApiKey, DataExport, Profile, Role, User


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    """What moderators may know of a person: the public profile and the address, not the account."""

    list_display = ["name", "handle", "role", "team", "thread_count", "reply_count", "created_at", "page"]
    list_select_related = ["team"]
    list_filter = ["role", "team", ("user", admin.EmptyFieldListFilter)]
    search_fields = ["name", "handle", "=user__email"]
    search_help_text = gettext_lazy("Name, handle or full e-mail address")
    fields = [
        "name", "handle", "page", "address", "role", "team", "bio", "links", "location", "country", "pronouns", "company",
        "company_role", ("level", "reputation"), ("thread_count", "reply_count", "solution_count"), "is_bot",
        "created_at", "deactivated_at", "log_link",
    ]  # fmt: skip
    readonly_fields = ["page", "address", "log_link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("user")

    @admin.display(description=gettext_lazy("page"))
    def page(self, profile: Profile) -> str:
        return format_html('<a href="{}">{}</a>', profile.get_absolute_url(), _("Open"))

    @admin.display(description=gettext_lazy("e-mail address"))
    def address(self, profile: Profile) -> str:
        return profile.user.email if profile.user else _("Unclaimed profile")

    @admin.display(description=gettext_lazy("log"))
    def log_link(self, profile: Profile) -> str:
        log = reverse("admin:audit_logentry_changelist")
        return format_html(
            '<a href="{}?q=by:{}">{}</a> · <a href="{}?q=profile:{}">{}</a>',
            log, profile.pk, _("Actions by this member"), log, profile.pk, _("Actions on this profile"),
        )  # fmt: skip


def _give(role: Role, label: Any) -> Any:
    @admin.action(description=label, permissions=["change"])
    def action(self: UserAdmin, request: HttpRequest, rows: QuerySet) -> None:
        self.give_role(request, rows, role)

    action.__name__ = f"make_{role.value}"
    return action


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts, for admins. The address changes at the account's own door; roles change by the actions of the list."""

    list_display = ["email", "first_name", "last_name", "role", "is_active", "last_seen_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    fields = [
        "email", "verified", "first_name", "last_name", "profile_link", "role", "role_set_by_hand", "is_active", "second_factor",
        "date_joined", "last_login", "last_seen_at",
    ]  # fmt: skip
    readonly_fields = ["verified", "profile_link", "second_factor"]
    actions = [
        _give(Role.MEMBER, gettext_lazy("Make member")),
        _give(Role.CHAMPION, gettext_lazy("Make champion")),
        _give(Role.MODERATOR, gettext_lazy("Make moderator")),
        _give(Role.ADMIN, gettext_lazy("Make admin")),
    ]

    def give_role(self, request: HttpRequest, rows: QuerySet, role: Role) -> None:
        """Give each chosen account the role; say of which it could not be done."""
        done = 0
        for user in rows.select_related("profile")[:BULK_LIMIT]:
            profile = getattr(user, "profile", None)
            if profile is None:
                self.message_user(
                    request, _("%(row)s has no profile yet.") % {"row": user.email}, messages.ERROR
                )
                continue
            try:
                set_role(request.viewer, profile, role)
                done += 1
            except REFUSALS as refusal:
                self.message_user(request, f"{user.email}: {error_message(refusal)}", messages.ERROR)
        self.message_user(request, ngettext("%(count)d done.", "%(count)d done.", done) % {"count": done})

    @admin.display(description=gettext_lazy("e-mail verified"), boolean=True)
    def verified(self, user: User) -> bool:
        return user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, user: User) -> bool:
        from profiles.second_factor import has_second_factor

        return has_second_factor(user)

    @admin.display(description=gettext_lazy("profile"))
    def profile_link(self, user: User) -> str:
        profile = getattr(user, "profile", None)
        return (
            format_html(
                '<a href="{}">{}</a>', reverse("admin:profiles_profile_change", args=[profile.pk]), profile
            )
            if profile
            else ""
        )


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
    actions = ["revoke"]

    @admin.display(description=gettext_lazy("owner"))
    def owner(self, key: ApiKey) -> str:
        return key.user.email

    @admin.action(description=gettext_lazy("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, rows: QuerySet) -> None:
        for key in rows[:BULK_LIMIT]:
            revoke_api_key(request.user, key)  # type: ignore[arg-type]
        self.message_user(request, _("The keys are revoked."))


@admin.register(AccountDeletion)
class AccountDeletionAdmin(ReadOnlyAdmin):
    """Accounts whose owner asked for their end: only they can change their mind."""

    list_display = ["profile", "requested_at", "due_at", "keep_posts"]
    list_select_related = ["profile"]
    list_filter = ["keep_posts"]
    search_fields = ["profile__name", "profile__handle"]


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyAdmin):
    """Who asked for their data, and how far it is. The zip itself is its owner's alone."""

    list_display = ["profile", "requested_at", "ready_at", "expires_at", "size"]
    list_select_related = ["profile"]
    search_fields = ["profile__name", "profile__handle"]
    exclude = ["file"]
