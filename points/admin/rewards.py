"""Rewards: made and changed through the actions; stock and codes have pages of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import FewRowsPaginator, bulk_action
from community.lib.refusals import REFUSALS, error_message
from points.actions.codes import CODES_AT_ONCE, TEXT_LIMIT, generate_codes, upload_codes
from points.actions.rewards import (
    EDITABLE,
    publish_reward,
    require_sense,
    retire_reward,
    save_reward,
    set_picture,
    set_stock,
)
from points.models import Reward, RewardKind
from profiles.http import HttpRequest

TEXT_BYTES = TEXT_LIMIT * 2


class RewardForm(forms.ModelForm):
    file = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("Shown in place of the drawing."),
    )

    class Meta:
        model = Reward
        fields = ["kind", *EDITABLE, "chosen"]

    def clean(self) -> dict[str, Any]:
        """Say what the action would refuse, beside the fields."""
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if name not in ("chosen", "file"):
                setattr(self.instance, name, value)
        if not self.errors:
            require_sense(self.instance)
        return cleaned


class StockForm(forms.Form):
    units = forms.IntegerField(
        label=gettext_lazy("Units there are now"), required=False, min_value=0, max_value=1_000_000,
        help_text=gettext_lazy("Empty: as many as are asked for."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("UTF-8. The first column holds the codes."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste them"), required=False, widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=gettext_lazy("One on each line."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (file := cleaned.get("file")) is not None:
            if file.size > TEXT_BYTES:
                raise ValidationError(
                    {
                        "file": _("This file is too large. Add at most %(n)d codes at a time.")
                        % {"n": CODES_AT_ONCE}
                    }
                )
            try:
                cleaned["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValidationError({"file": _("Save the file as UTF-8 and try again.")}) from error
        return cleaned


class GenerateForm(forms.Form):
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=CODES_AT_ONCE)
    prefix = forms.CharField(label=gettext_lazy("Begin with"), required=False, max_length=20)


@admin.register(Reward)
class RewardAdmin(admin.ModelAdmin):
    form = RewardForm
    list_display = ["title", "kind", "price", "left", "taken", "state", "fill"]
    list_filter = ["kind", "audience", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "slug"]
    autocomplete_fields = ["chosen"]
    paginator = FewRowsPaginator
    readonly_fields = ["left", "taken", "state", "fill"]
    fieldsets = [
        (None, {"fields": ["kind", "title", "slug", "summary", "price", "drawing", "file", "terms", "position"]}),
        (gettext_lazy("Who can have it, and when"), {
            "fields": ["member_limit", "opens_at", "closes_at", "audience", "audience_value", "chosen"],
        }),
        (gettext_lazy("Handing it over"), {"fields": ["needs_address", "store_url", "cost", "low_stock"]}),
        (gettext_lazy("State"), {"fields": ["state", "left", "taken", "fill"]}),
    ]  # fmt: skip
    actions = [
        bulk_action("publish", gettext_lazy("Offer"), publish_reward),
        bulk_action("retire", gettext_lazy("Offer no more"), retire_reward),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(
            free=Count("codes", filter=Q(codes__redemption=None), distinct=True),
            kept=Count("redemptions", filter=Q(redemptions__refunded_at=None), distinct=True),
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What was redeemed keeps its kind."""
        return [*self.readonly_fields, "kind"] if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["title"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Histories name it: it is offered no more instead."""
        return False

    @admin.display(description=gettext_lazy("left"))
    def left(self, reward: Any) -> str:
        units = getattr(reward, "free", 0) if reward.kind == RewardKind.CREDIT else reward.stock
        if units is None:
            return _("no limit")
        return _("%(count)d, low") % {"count": units} if units < reward.low_stock else str(units)

    @admin.display(description=gettext_lazy("redeemed"))
    def taken(self, reward: Any) -> int:
        return int(getattr(reward, "kept", 0))

    @admin.display(description=gettext_lazy("state"))
    def state(self, reward: Reward) -> str:
        if reward.published_at is None:
            return _("Draft")
        return _("Not offered any more") if reward.retired_at else _("Offered")

    @admin.display(description=gettext_lazy("fill"))
    def fill(self, reward: Reward) -> str:
        if reward.pk is None:
            return ""
        name, words = (
            ("codes", _("Add codes")) if reward.kind == RewardKind.CREDIT else ("stock", _("Set stock"))
        )
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:points_reward_{name}", args=[reward.pk]), words
        )

    def save_model(self, request: HttpRequest, obj: Reward, form: Any, change: bool) -> None:
        viewer = request.viewer
        save_reward(viewer, obj)
        if form.cleaned_data.get("file"):
            try:
                set_picture(viewer, obj, form.cleaned_data["file"])
            except REFUSALS as refusal:
                self.message_user(request, error_message(refusal), messages.ERROR)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/codes/", wrap(self.codes_page), name="points_reward_codes"),
            path("<int:pk>/stock/", wrap(self.stock_page), name="points_reward_stock"),
            *super().get_urls(),
        ]

    def codes_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add codes to the pool. None is ever shown here again."""
        reward = get_object_or_404(Reward, pk=pk, kind=RewardKind.CREDIT)
        drawing = "count" in request.POST
        upload = (
            UploadForm(request.POST, request.FILES)
            if request.method == "POST" and not drawing
            else UploadForm()
        )
        draw = GenerateForm(request.POST) if drawing else GenerateForm()

        def act(form: Any) -> str:
            if drawing:
                done = generate_codes(request.viewer, reward, **form.cleaned_data)
                return _("Codes drawn: %(count)d.") % {"count": done}
            added, known = upload_codes(request.viewer, reward, form.cleaned_data["text"])
            return _("Codes added: %(added)d. Known already: %(known)d.") % {"added": added, "known": known}

        return self._page(request, reward, _("Add codes"), [upload, draw], draw if drawing else upload, act)

    def stock_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say how many units there are."""
        reward = get_object_or_404(Reward, pk=pk, kind=RewardKind.PRODUCT)
        form = StockForm(request.POST if request.method == "POST" else None, initial={"units": reward.stock})

        def act(form: Any) -> str:
            set_stock(request.viewer, reward, **form.cleaned_data)
            return _("Saved.")

        return self._page(request, reward, _("Set stock"), [form], form, act)

    def _page(
        self, request: HttpRequest, reward: Reward, title: str, shown: list[Any], form: Any, act: Any
    ) -> HttpResponse:
        """Show forms; run `act` on the one that was sent and say what came of it."""
        if not self.has_change_permission(request, reward):
            return self.admin_site.login(request)
        if request.method == "POST" and form.is_valid():
            try:
                self.message_user(request, act(form))
                return HttpResponseRedirect(reverse("admin:points_reward_change", args=[reward.pk]))
            except REFUSALS as refusal:
                form.add_error(None, error_message(refusal))
        context = {
            **self.admin_site.each_context(request), "title": title, "reward": reward, "forms": shown, "opts": self.opts,
        }  # fmt: skip
        return TemplateResponse(
            request, "points/admin/fill.html", context, status=400 if form.is_bound else 200
        )
