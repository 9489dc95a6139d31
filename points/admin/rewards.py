"""Rewards; stock and codes have pages of their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.adminpages import FewRowsPaginator, FixedFields, FormPages, verb_actions
from community.lib.refusals import attempt
from points.actions.codes import CODES_AT_ONCE, TEXT_LIMIT, generate_codes, upload_codes
from points.actions.rewards import EDITABLE, require_sense, save_reward, set_picture, set_stock
from points.models import Reward, RewardKind
from points.verbs import REWARD
from profiles.http import HttpRequest

TEXT_BYTES = TEXT_LIMIT * 2


class RewardForm(forms.ModelForm):
    file = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy("Shown instead of the drawing."),
    )

    class Meta:
        model = Reward
        fields = ["kind", *EDITABLE, "chosen"]

    def clean(self) -> dict[str, Any]:
        """Show beside the fields what the action would refuse."""
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if name not in ("chosen", "file"):
                setattr(self.instance, name, value)
        if not self.errors:
            require_sense(self.instance)
        return cleaned


class StockForm(forms.Form):
    button = gettext_lazy("Save stock")
    units = forms.IntegerField(
        label=gettext_lazy("Units in stock"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Leave empty for no limit."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason (optional)"), max_length=300, required=False)


class UploadForm(forms.Form):
    button = gettext_lazy("Add codes")
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy("In UTF-8, with the codes in the first column."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste codes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=gettext_lazy("One code per line."),
    )

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
    button = gettext_lazy("Generate codes")
    count = forms.IntegerField(label=gettext_lazy("Number of codes"), min_value=1, max_value=CODES_AT_ONCE)
    prefix = forms.CharField(label=gettext_lazy("Prefix (optional)"), required=False, max_length=20)


@admin.register(Reward)
class RewardAdmin(FixedFields, FormPages):
    form = RewardForm
    list_display = ["title", "kind", "price", "left", "taken", "state", "fill"]
    list_filter = ["kind", "audience", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["title", "slug"]
    autocomplete_fields = ["chosen"]
    paginator = FewRowsPaginator
    readonly_fields = ["left", "taken", "state", "fill"]
    fixed = ("kind",)
    row_pages = ("codes", "stock")
    fieldsets = [
        (
            None,
            {"fields": ["kind", "title", "slug", "summary", "price", "drawing", "file", "terms", "position"]},
        ),
        (
            gettext_lazy("Who can redeem it, and when"),
            {
                "fields": ["member_limit", "opens_at", "closes_at", "audience", "audience_value", "chosen"],
            },
        ),
        (gettext_lazy("Delivery"), {"fields": ["needs_address", "store_url", "cost", "low_stock"]}),
        (gettext_lazy("State"), {"fields": ["state", "left", "taken", "fill"]}),
    ]
    actions = verb_actions(REWARD)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(
                free=Count("codes", filter=Q(codes__redemption=None), distinct=True),
                kept=Count("redemptions", filter=Q(redemptions__refunded_at=None), distinct=True),
            )
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: histories name rewards. Retire one instead."""
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
        return _("Retired") if reward.retired_at else _("Published")

    @admin.display(description=gettext_lazy("stock"))
    def fill(self, reward: Reward) -> str:
        if reward.pk is None:
            return ""
        is_credit = reward.kind == RewardKind.CREDIT
        name, label = ("codes", _("Add codes")) if is_credit else ("stock", _("Set stock"))
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:points_reward_{name}", args=[reward.pk]), label
        )

    def save_model(self, request: HttpRequest, obj: Reward, form: Any, change: bool) -> None:
        save_reward(request.viewer, obj)
        file = form.cleaned_data.get("file")
        if file and (why := attempt(set_picture, request.viewer, obj, file)):
            self.message_user(request, why, messages.ERROR)

    def codes_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Add codes to the reward. They are never shown here again."""
        reward = self._reward(request, pk, RewardKind.CREDIT)
        generating = "count" in request.POST
        sent = request.method == "POST"
        upload = UploadForm(request.POST, request.FILES) if sent and not generating else UploadForm()
        generate = GenerateForm(request.POST) if generating else GenerateForm()

        def run(form: forms.Form) -> str:
            if generating:
                made = generate_codes(request.viewer, reward, **form.cleaned_data)
                return ngettext("%(count)d code generated.", "%(count)d codes generated.", made) % {
                    "count": made
                }
            added, known = upload_codes(request.viewer, reward, form.cleaned_data["text"])
            return _("Codes added: %(added)d. Already known: %(known)d.") % {"added": added, "known": known}

        return self.form_page(request, _("Add codes"), upload, generate, run=run, back=_change_url(reward))

    def stock_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Set how many units are left."""
        reward = self._reward(request, pk, RewardKind.PRODUCT)
        form = StockForm(request.POST if request.method == "POST" else None, initial={"units": reward.stock})

        def run(form: forms.Form) -> str:
            set_stock(request.viewer, reward, **form.cleaned_data)
            return _("Stock saved.")

        return self.form_page(request, _("Set stock"), form, run=run, back=_change_url(reward))

    def _reward(self, request: HttpRequest, pk: int, kind: str) -> Reward:
        reward = get_object_or_404(Reward, pk=pk, kind=kind)
        if not self.has_change_permission(request, reward):
            raise PermissionDenied
        return reward


def _change_url(reward: Reward) -> str:
    return reverse("admin:points_reward_change", args=[reward.pk])
