"""People in Django admin: profiles for moderators; accounts, roles and keys for admins."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import FewRowsPaginator
from profiles.actions.keys import revoke_api_key
from profiles.actions.roles import set_role
from profiles.models import ApiKey, Profile, Role, Team, TeamMembership, User


class LookedAtAdmin(admin.ModelAdmin):
    """Rows that are looked at here and changed elsewhere."""

    paginator = FewRowsPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


@admin.register(Profile)
class ProfileAdmin(LookedAtAdmin):
    list_display = ["name", "handle", "role", "team", "thread_count", "reply_count", "created_at", "page"]
    list_select_related = ["team"]
    list_filter = ["role", "team", ("user", admin.EmptyFieldListFilter)]
    search_fields = ["name", "handle"]
    ordering = ["-id"]
    exclude = ["bio_html", "user"]

    @admin.display(description=gettext_lazy("page"))
    def page(self, profile: Profile) -> str:
        return format_html('<a href="{}">{}</a>', profile.get_absolute_url(), _("Open"))


@admin.register(User)
class UserAdmin(LookedAtAdmin):
    list_display = ["email", "first_name", "last_name", "role", "is_active", "last_seen_at"]
    list_filter = ["role", "is_active"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["-id"]
    exclude = ["password"]
    actions = ["make_member", "make_champion", "make_moderator", "make_admin"]

    @admin.action(description=gettext_lazy("Make member"), permissions=["change"])
    def make_member(self, request: HttpRequest, rows: QuerySet) -> None:
        self._give(request, rows, Role.MEMBER)

    @admin.action(description=gettext_lazy("Make champion"), permissions=["change"])
    def make_champion(self, request: HttpRequest, rows: QuerySet) -> None:
        self._give(request, rows, Role.CHAMPION)

    @admin.action(description=gettext_lazy("Make moderator"), permissions=["change"])
    def make_moderator(self, request: HttpRequest, rows: QuerySet) -> None:
        self._give(request, rows, Role.MODERATOR)

    @admin.action(description=gettext_lazy("Make admin"), permissions=["change"])
    def make_admin(self, request: HttpRequest, rows: QuerySet) -> None:
        self._give(request, rows, Role.ADMIN)

    def _give(self, request: HttpRequest, rows: QuerySet, role: Role) -> None:
        for user in rows.select_related("profile")[:200]:
            try:
                set_role(request.viewer, user.profile, role)  # type: ignore[attr-defined]
            except (PermissionDenied, ValidationError) as refusal:
                self.message_user(request, f"{user.email}: {refusal}", messages.ERROR)


class MembershipInline(admin.TabularInline):
    model = TeamMembership
    extra = 0
    autocomplete_fields = ["profile"]


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "tagline"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [MembershipInline]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The public byline names the first team of a person: keep it in line with the memberships."""
        before = set(TeamMembership.objects.filter(team=form.instance).values_list("profile_id", flat=True))
        super().save_related(request, form, formsets, change)
        after = set(TeamMembership.objects.filter(team=form.instance).values_list("profile_id", flat=True))
        for profile in Profile.objects.filter(pk__in=before | after):
            first = profile.memberships.order_by("created_at").values_list("team_id", flat=True).first()
            Profile.objects.filter(pk=profile.pk).update(team_id=first)


@admin.register(ApiKey)
class ApiKeyAdmin(LookedAtAdmin):
    list_display = ["label", "prefix", "user", "scopes", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["label", "prefix"]
    ordering = ["-id"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, rows: QuerySet) -> None:
        for key in rows:
            revoke_api_key(request.user, key)  # type: ignore[arg-type]
