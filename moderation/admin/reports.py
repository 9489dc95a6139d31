"""Reports, sanctions and appeals in Django admin: read there, and decided by the verbs. Reporters are never listed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, verb_actions
from moderation.models import Appeal, Complaint, Evidence, NoContact, Report, Sanction
from moderation.report_verbs import APPEAL, REPORT, SANCTION
from profiles.http import HttpRequest


class OwnRows(ReadOnlyAdmin):
    """Rows that are not about the viewer, also for admins."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).visible_to(request.viewer)

    @admin.display(description=gettext_lazy("page"))
    def page(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", _("Open")), ("decided", _("Decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return (
            queryset.filter(decided_at__isnull=self.value() == "open")
            if self.value() in ("open", "decided")
            else queryset
        )


class ReadOnlyInline(admin.TabularInline):
    extra = max_num = 0
    can_delete = False


class ComplaintInline(ReadOnlyInline):
    model = Complaint
    fields = readonly_fields = ["rule", "note", "created_at", "weight", "in_good_standing"]


@admin.register(Report)
class ReportAdmin(OwnRows):
    list_display = ["title", "rule", "subject", "report_count", "due_at", "claimed_by", "outcome", "page"]
    list_select_related = ["subject", "claimed_by"]
    list_filter = [StateFilter, "outcome", "rule"]
    search_fields = ["title", "=source_key", "subject__name"]
    search_help_text = gettext_lazy("Words of the title, the target (post:12), or the author’s name")
    inlines = [ComplaintInline]
    fields = [
        "source_key", "title", "excerpt", "subject", "rule", "opened_at", "due_at", "report_count", "weight", "hidden_at",
        "claimed_by", "claimed_until", "decided_at", "decided_by", "outcome", "reason", "told_at", "page",
    ]  # fmt: skip
    actions = verb_actions(REPORT)


class EvidenceInline(ReadOnlyInline):
    model = Evidence
    fields = readonly_fields = ["url", "title"]


class NoContactInline(ReadOnlyInline):
    model = NoContact
    fields = readonly_fields = ["one", "other", "ends_at"]


@admin.register(Sanction)
class SanctionAdmin(OwnRows):
    list_display = ["profile", "kind", "rule", "given_by", "starts_at", "ends_at", "lifted_at", "page"]
    list_select_related = ["profile", "given_by"]
    list_filter = ["kind", "rule", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["profile__name"]
    search_help_text = gettext_lazy("The member’s name")
    inlines = [EvidenceInline, NoContactInline]
    fields = [
        "profile", "kind", "rule", "explanation", "given_by", "report", "starts_at", "ends_at", "posts_per_day", "content",
        "drop_votes", "hides_reported", "skip_reason", "effects_at", "told_at", "lifted_at", "lifted_by", "lift_reason", "page",
    ]  # fmt: skip
    actions = verb_actions(SANCTION)


@admin.register(Appeal)
class AppealAdmin(OwnRows):
    list_display = ["sanction", "created_at", "due_at", "outcome", "decided_by", "page"]
    list_select_related = ["sanction__profile", "decided_by"]
    list_filter = [StateFilter, "outcome"]
    fields = [
        "sanction", "text", "created_at", "due_at", "decided_at", "decided_by", "outcome", "answer", "page",
    ]  # fmt: skip
    actions = verb_actions(APPEAL)
