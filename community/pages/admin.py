"""The site's own pages in Django admin, with their revisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy

from community.lib.http import HttpRequest
from community.lib.markdown import BodyRefused
from community.pages.actions import page_html, save_page
from community.pages.models import Page, PageRevision


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "slug", "body"]
        widgets = {"body": forms.Textarea(attrs={"rows": 30, "cols": 100})}

    def clean_body(self) -> str:
        try:
            page_html(self.cleaned_data["body"])
        except BodyRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return str(self.cleaned_data["body"])


class RevisionInline(admin.TabularInline):
    model = PageRevision
    fields = readonly_fields = ["number", "title", "author_id", "created_at", "body"]
    extra = max_num = 0
    can_delete = False


@admin.register(Page)
class PageAdmin(admin.ModelAdmin):
    form = PageForm
    list_display = ["title", "slug", "updated_at", "useful", "not_useful"]
    search_fields = ["title", "slug", "body"]
    inlines = [RevisionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        yes = Count("opinions", filter=Q(opinions__useful=True))
        return super().get_queryset(request).annotate(yes=yes, no=Count("opinions") - yes)

    @admin.display(description=gettext_lazy("useful"))
    def useful(self, page: Page) -> int:
        return int(page.yes)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("not useful"))
    def not_useful(self, page: Page) -> int:
        return int(page.no)  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        """Other pages and e-mails link to a page, so its slug cannot change."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["title"]}

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        viewer = request.viewer
        if form.changed_data:
            save_page(viewer.pk if viewer else None, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False
