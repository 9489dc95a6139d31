"""The topics of docs pages, and pages that have moved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.lib.adminpages import FewRowsPaginator, RefusalsAdmin
from forums.actions.docs import move_page
from forums.admin.topics import TopicsAdmin
from forums.docs import BadPage, page_url
from forums.models import DocsRule, PageMove
from forums.queries.docs import edit_address, moved_to, place_of
from profiles.http import HttpRequest


class UrlField(forms.CharField):
    """A URL on one wide line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=500, widget=forms.TextInput(attrs={"size": 80}), **options)


class WhyForm(forms.Form):
    page = UrlField(
        label=gettext_lazy("Page"),
        help_text=gettext_lazy("A URL or a path. Rules that name a host don’t apply to a path."),
    )
    section = forms.CharField(label=gettext_lazy("Section"), max_length=100, required=False)

    def clean_page(self) -> str:
        try:
            return moved_to(page_url(self.cleaned_data["page"], site="https://docs.invalid/"))
        except BadPage as refusal:
            raise ValidationError(str(refusal)) from refusal


@admin.register(DocsRule)
class DocsRuleAdmin(TopicsAdmin):
    fixed, slug_from = (), ""
    list_display = ["__str__", "host", "prefix", "section", "topic", "listed", "edit_template"]
    list_select_related = ["topic"]
    list_filter = ["listed"]
    search_fields = ["host", "prefix", "section", "topic__name"]
    autocomplete_fields = ["topic"]
    paginator = FewRowsPaginator
    change_list_template = "admin/docs_rules.html"

    def get_urls(self) -> list[Any]:
        return [
            path("why/", self.admin_site.admin_view(self.why), name="forums_docsrule_why"),
            *super().get_urls(),
        ]

    def why(self, request: HttpRequest) -> HttpResponse:
        """Show the topic of a page's questions, the rule that decides it, and where the page is edited."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        form = WhyForm(request.GET or None)
        found = {}
        if form.is_valid():
            page, section = form.cleaned_data["page"], form.cleaned_data["section"]
            found = {"place": place_of(page, section), "edited": edit_address(page, section), "tried": page}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Why this topic?"),
            "form": form,
            "opts": self.opts,
            **found,
        }
        return TemplateResponse(request, "admin/docs_why.html", context)


class PageMoveForm(forms.ModelForm):
    """Two URLs; the action moves the questions."""

    old_url = UrlField(label=gettext_lazy("Old URL"))
    new_url = UrlField(label=gettext_lazy("New URL"))

    class Meta:
        model = PageMove
        fields = ["old_url", "new_url"]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for field in ("old_url", "new_url"):
            try:
                given[field] = page_url(given.get(field, ""))
            except BadPage as refusal:
                if field not in self.errors:
                    self.add_error(field, str(refusal))
        return given

    def _get_validation_exclusions(self) -> set[str]:
        # A page that moved before may move again: the action replaces the earlier move.
        return {*super()._get_validation_exclusions(), "old_url"}


@admin.register(PageMove)
class PageMoveAdmin(RefusalsAdmin):
    form = PageMoveForm
    list_display = ["old_url", "new_url", "created_at", "questions"]
    search_fields = ["old_url", "new_url"]
    paginator = FewRowsPaginator
    show_full_result_count = False
    ordering = ["-id"]
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: PageMove | None = None) -> bool:
        """A page that moves again is another move."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PageMove | None = None) -> bool:
        """People still follow old links."""
        return False

    @admin.display(description=gettext_lazy("questions"))
    def questions(self, move: PageMove) -> str:
        return format_html('<a href="/api/v1/embed/threads/?docs_page={}">{}</a>', move.new_url, _("Open"))

    def save_model(self, request: HttpRequest, obj: PageMove, form: Any, change: bool) -> None:
        moved = move_page(request.viewer, obj.old_url, obj.new_url)
        obj.pk = moved.pk

    def response_add(
        self, request: HttpRequest, obj: PageMove, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(
            request,
            _("Page moved. Its questions are now at the new URL, and the old one redirects."),
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:forums_pagemove_changelist"))
