from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from community.lib.markdown import BodyRefused, render
from community.pages.actions import PAGE_LIMIT, save_page
from community.pages.models import Page, PageRevision


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "slug", "body"]

    def clean_body(self) -> str:
        try:
            render(self.cleaned_data["body"], limit=PAGE_LIMIT)
        except BodyRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return str(self.cleaned_data["body"])


class RevisionInline(admin.TabularInline):
    model = PageRevision
    fields = readonly_fields = ["number", "title", "author_id", "created_at", "body"]
    extra = 0
    can_delete = False
    max_num = 0


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    form = PageForm
    list_display = ["title", "slug", "updated_at"]
    inlines = [RevisionInline]

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        viewer = request.viewer  # type: ignore[attr-defined]
        save_page(viewer.pk if viewer else None, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
