"""Reports, sanctions and appeals in Django admin: read there, decided in bulk through the actions. Reporters are not there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import ReadOnlyAdmin, bulk_action
from moderation.actions.appeals import decide_appeal
from moderation.actions.decisions import decide_report
from moderation.actions.sanctions import lift_sanction
from moderation.models import Appeal, AppealOutcome, Complaint, Evidence, NoContact, Outcome, Report, Sanction
from profiles.http import HttpRequest
from profiles.models import Profile


class OwnRows(ReadOnlyAdmin):
    """Nobody reads here what is decided about themselves: not even an admin."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).visible_to(request.viewer)

    @admin.display(description=gettext_lazy("page"))
    def page(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), _("Open"))


def keep(actor: Profile | None, report: Report, *, reason: str) -> Report:
    """Dismiss a report."""
    return decide_report(actor, report, outcome=Outcome.KEPT, reason=reason)


def hide(actor: Profile | None, report: Report, *, reason: str) -> Report:
    """Uphold a report and hide the post."""
    return decide_report(actor, report, outcome=Outcome.HIDDEN, reason=reason)


def uphold_report(actor: Profile | None, report: Report, *, reason: str) -> Report:
    """Uphold a report without hiding the post."""
    return decide_report(actor, report, outcome=Outcome.UPHELD, reason=reason)


def uphold(actor: Profile | None, written: Appeal, *, reason: str) -> Appeal:
    """Answer that the decision stands."""
    return decide_appeal(actor, written, outcome=AppealOutcome.STANDS, answer=reason)


def lift_on_appeal(actor: Profile | None, written: Appeal, *, reason: str) -> Appeal:
    """Answer that the decision is lifted."""
    return decide_appeal(actor, written, outcome=AppealOutcome.LIFTED, answer=reason)


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


class ComplaintInline(admin.TabularInline):
    model = Complaint
    fields = readonly_fields = ["rule", "note", "created_at", "weight", "in_good_standing"]
    extra = max_num = 0
    can_delete = False


@admin.register(Report)
class ReportAdmin(OwnRows):
    list_display = ["title", "rule", "subject", "report_count", "due_at", "claimed_by", "outcome", "page"]
    list_select_related = ["subject", "claimed_by"]
    list_filter = [StateFilter, "outcome", "rule"]
    search_fields = ["title", "=source_key", "subject__name"]
    search_help_text = gettext_lazy("Words of the title, what it is about (post:12), or the person’s name")
    inlines = [ComplaintInline]
    fields = [
        "source_key", "title", "excerpt", "subject", "rule", "opened_at", "due_at", "report_count", "weight", "hidden_at",
        "claimed_by", "claimed_until", "decided_at", "decided_by", "outcome", "reason", "told_at", "page",
    ]  # fmt: skip
    actions = [
        bulk_action("keep", gettext_lazy("Dismiss report"), keep),
        bulk_action("hide", gettext_lazy("Uphold and hide the post"), hide),
        bulk_action("uphold_report", gettext_lazy("Uphold without hiding"), uphold_report),
    ]


class EvidenceInline(admin.TabularInline):
    model = Evidence
    fields = readonly_fields = ["url", "title"]
    extra = max_num = 0
    can_delete = False


class NoContactInline(admin.TabularInline):
    model = NoContact
    fields = readonly_fields = ["one", "other", "ends_at"]
    extra = max_num = 0
    can_delete = False


@admin.register(Sanction)
class SanctionAdmin(OwnRows):
    list_display = ["profile", "kind", "rule", "given_by", "starts_at", "ends_at", "lifted_at", "page"]
    list_select_related = ["profile", "given_by"]
    list_filter = ["kind", "rule", ("lifted_at", admin.EmptyFieldListFilter)]
    search_fields = ["profile__name"]
    search_help_text = gettext_lazy("The person’s name")
    inlines = [EvidenceInline, NoContactInline]
    fields = [
        "profile", "kind", "rule", "explanation", "given_by", "report", "starts_at", "ends_at", "posts_per_day", "content",
        "drop_votes", "hides_reported", "skip_reason", "effects_at", "told_at", "lifted_at", "lifted_by", "lift_reason", "page",
    ]  # fmt: skip
    actions = [bulk_action("lift", gettext_lazy("Lift"), lift_sanction)]


@admin.register(Appeal)
class AppealAdmin(OwnRows):
    list_display = ["sanction", "created_at", "due_at", "outcome", "decided_by", "page"]
    list_select_related = ["sanction__profile", "decided_by"]
    list_filter = [StateFilter, "outcome"]
    fields = [
        "sanction", "text", "created_at", "due_at", "decided_at", "decided_by", "outcome", "answer", "page",
    ]  # fmt: skip
    actions = [
        bulk_action("uphold", gettext_lazy("The decision stands"), uphold),
        bulk_action("lift", gettext_lazy("Lift the decision"), lift_on_appeal),
    ]
