"""E-mail in admin: deliveries, bounces, and whose e-mail is stopped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import FormPages, ReadOnlyAdmin, ReasonForm, bulk_action
from profiles.http import HttpRequest
from profiles.mail.resend import resend, start_again, start_all_again
from profiles.models import Delivery, MailReturn, MailSettings, Profile
from profiles.notifications import all_kinds, find_kind


class KindFilter(admin.SimpleListFilter):
    """Filter by kind. Lists the registered kinds instead of reading them from millions of rows."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.key, str(kind.label)) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = [
        "title",
        "profile",
        "kind_label",
        "state",
        "reason",
        "detail",
        "attempts",
        "created_at",
        "sent_at",
    ]
    list_select_related = ["profile"]
    list_filter = ["state", "reason", KindFilter]
    search_fields = ["profile__handle", "message_id", "provider_id"]
    search_help_text = gettext_lazy("Full handle, Message-ID or provider’s ID")
    fields = [
        "profile", "kind", "title", "url", "source_key", "group_key", "actor", "facts", "state", "reason", "detail", "attempts",
        "sent_with", "message_id", "provider_id", "created_at", "next_attempt_at", "sent_at",
    ]  # fmt: skip
    actions = [bulk_action("send_again", gettext_lazy("Send again"), resend)]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Look whole words up in indexes: `LIKE` would read millions of rows."""
        word = search_term.strip()
        if not word:
            return queryset, False
        people = list(Profile.objects.filter(handle=word.lower().lstrip("@")).values_list("pk", flat=True))
        return queryset.filter(Q(profile__in=people) | Q(message_id=word) | Q(provider_id=word)), False

    @admin.display(description=gettext_lazy("kind"))
    def kind_label(self, row: Delivery) -> str:
        kind = find_kind(row.kind)
        return str(kind.label) if kind else row.kind


@admin.register(MailReturn)
class MailReturnAdmin(ReadOnlyAdmin):
    list_display = ["profile", "kind", "detail", "delivery", "happened_at"]
    list_select_related = ["profile", "delivery"]
    list_filter = ["kind"]
    search_fields = ["=profile__handle"]
    search_help_text = gettext_lazy("Handle")


class RestartForm(ReasonForm):
    """The period in which the e-mail of members was stopped."""

    since = forms.SplitDateTimeField(label=gettext_lazy("Stopped from"), widget=AdminSplitDateTime)
    until = forms.SplitDateTimeField(label=gettext_lazy("Stopped until"), widget=AdminSplitDateTime)
    field_order = ["since", "until", "reason"]


@admin.register(MailSettings)
class MailSettingsAdmin(FormPages, ReadOnlyAdmin):
    """Whose e-mail is stopped or paused, and when their digest is sent."""

    list_display = [
        "profile",
        "digest_hour",
        "time_zone",
        "bounce_score",
        "mail_stopped_at",
        "mail_stopped_reason",
        "paused_at",
    ]
    list_select_related = ["profile"]
    list_filter = [("mail_stopped_at", admin.EmptyFieldListFilter), ("paused_at", admin.EmptyFieldListFilter)]
    search_fields = ["=profile__handle"]
    search_help_text = gettext_lazy("Handle")
    ordering = ["-profile"]
    actions = [bulk_action("start_again", gettext_lazy("Restart e-mail"), start_again)]
    change_list_template = "admin/mail_settings.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.restart_page)
        return [path("restart/", view, name="profiles_mailsettings_restart"), *super().get_urls()]

    def restart_page(self, request: HttpRequest) -> HttpResponse:
        """Restart e-mail to all members stopped between two times, such as after a mail server rejected everything."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = RestartForm(request.POST if request.method == "POST" else None)
        intro = _(
            "Use this after a mail server rejected all e-mail by mistake. Addresses that reported spam stay blocked."
        )
        return self.form_page(
            request, _("Restart stopped e-mail"), form, run=lambda form: _restart(request, form), intro=intro
        )


def _restart(request: HttpRequest, form: RestartForm) -> str:
    count = start_all_again(request.viewer, **form.cleaned_data)
    said = ngettext(
        "E-mail restarted for %(count)d member.", "E-mail restarted for %(count)d members.", count
    )
    return said % {"count": count}
