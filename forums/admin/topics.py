"""Topics, groups, tags and uploads in Django admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import pagecache
from community.audit import record
from community.lib.adminpages import FewRowsPaginator, ReadOnlyAdmin, RefusalsAdmin
from community.lib.refusals import REFUSALS, error_message
from forums.actions.tags import clean_tag_names, delete_tag, describe_tag, merge_tags, rename_tag
from forums.models import ReceivedMail, Tag, TagAlias, Topic, TopicGroup, Upload
from forums.queries.rail import forget_rail
from profiles.http import HttpRequest


class NotedAdmin(admin.ModelAdmin):
    """Every save stands in the log and outdates the pages that show the row. An address, once given, stays."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self._note(request, "changed" if change else "made", obj, obj.pk, {"fields": form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        gone = obj.pk
        super().delete_model(request, obj)
        self._note(request, "deleted", obj, gone, None)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def _note(self, request: HttpRequest, verb: str, obj: Any, pk: int, after: dict[str, Any] | None) -> None:
        viewer = request.viewer
        kind = obj._meta.model_name
        record(
            f"{kind}.{verb}",
            actor_id=viewer.pk if viewer else None,
            target=f"{kind}:{pk}",
            after=after,
            title=str(obj),
        )
        forget_rail()
        pagecache.bump(pagecache.SITE, pagecache.LISTS)


@admin.register(TopicGroup)
class TopicGroupAdmin(NotedAdmin):
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]


@admin.register(Topic)
class TopicAdmin(NotedAdmin):
    list_display = ["name", "group", "solutions_enabled", "thread_count", "unanswered_count", "position"]
    list_select_related = ["group"]
    list_filter = ["group", "solutions_enabled"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A topic with threads keeps its kind: solutions would be lost. Make another and move the threads."""
        counted = ["thread_count", "unanswered_count", "solved_count"] if obj else []
        kind = ["solutions_enabled"] if obj and obj.threads.exists() else []
        return [*super().get_readonly_fields(request, obj), *kind, *counted]


class TagForm(forms.ModelForm):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Merge into"),
        queryset=Tag.objects.all(),
        required=False,
        widget=AutocompleteSelect(TagAlias._meta.get_field("tag"), admin.site),
        help_text=gettext_lazy(
            "Every thread gets that tag instead, this one is gone, and its name leads there."
        ),
    )

    class Meta:
        model = Tag
        fields = ["name", "description"]

    def clean_name(self) -> str:
        names = clean_tag_names([self.cleaned_data["name"]])
        if not names:
            raise ValidationError(_("Use letters, digits and hyphens."))
        return names[0]

    def clean_into(self) -> Tag | None:
        into: Tag | None = self.cleaned_data["into"]
        if into is not None and into.pk == self.instance.pk:
            raise ValidationError(_("Choose another tag to merge into."))
        return into


class AliasInline(admin.TabularInline):
    model = TagAlias
    extra = max_num = 0
    can_delete = False
    fields = readonly_fields = ["name"]


@admin.register(Tag)
class TagAdmin(RefusalsAdmin):
    form = TagForm
    list_display = ["name", "description", "thread_count", "page"]
    search_fields = ["name", "aliases__name"]
    inlines = [AliasInline]
    paginator = FewRowsPaginator
    show_full_result_count = False
    delete_confirmation_template = "admin/tag_delete.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Tags are made by use."""
        return False

    @admin.display(description=gettext_lazy("page"))
    def page(self, tag: Tag) -> str:
        return format_html('<a href="/questions/?tag={}">{}</a>', tag.name, _("Open"))

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        """Say what the form changed by the actions, one by one; the row itself is never saved from here."""
        viewer = request.viewer
        into = form.cleaned_data.get("into")
        if into:
            merge_tags(viewer, Tag.objects.get(pk=obj.pk), into)
            return
        if "description" in form.changed_data:
            describe_tag(viewer, Tag.objects.get(pk=obj.pk), obj.description)
        if "name" in form.changed_data:
            rename_tag(viewer, Tag.objects.get(pk=obj.pk), obj.name)

    def response_change(self, request: HttpRequest, obj: Tag) -> HttpResponse:
        """A merged tag is gone: its own page cannot be shown again."""
        if not Tag.objects.filter(pk=obj.pk).exists():
            self.message_user(request, _("Merged. The old name leads to the other tag."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:forums_tag_changelist"))
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        delete_tag(request.viewer, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for tag in queryset:
            try:
                delete_tag(request.viewer, tag)
            except REFUSALS as refusal:
                self.message_user(request, f"{tag}: {error_message(refusal)}", messages.ERROR)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        lines = [
            _("%(name)s, on %(count)d threads") % {"name": tag.name, "count": tag.thread_count}
            for tag in objs
        ]
        return lines, {}, set(), []


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "content_type", "width", "height", "size", "created_at", "picture"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name"]
    fields = [
        "name",
        "picture",
        "owner",
        "content_type",
        ("width", "height"),
        "size",
        "sha256",
        "thumbnail_widths",
        "created_at",
        "used_in",
    ]
    readonly_fields = ["picture", "used_in"]

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, upload: Upload) -> str:
        return format_html('<a href="{}">{}</a>', upload.url, _("Open"))

    @admin.display(description=gettext_lazy("used in posts"))
    def used_in(self, upload: Upload) -> str:
        return ", ".join(str(pk) for pk in upload.posts.values_list("pk", flat=True)[:20])


@admin.register(ReceivedMail)
class ReceivedMailAdmin(ReadOnlyAdmin):
    """What became of each mail that came in. Nobody's address stands here, and no text."""

    list_display = ["received_at", "outcome", "reason", "profile", "thread"]
    list_filter = ["outcome"]
    list_select_related = ["profile", "thread"]
    fields = ["received_at", "outcome", "reason", "profile", "thread", "post", "answered_at"]
