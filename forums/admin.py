"""Topics, groups, tags and uploads in Django admin. Threads and posts are in moderation's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community import pagecache
from community.audit import record
from community.lib.adminpages import FewRowsPaginator
from forums.actions.tags import delete_tag, merge_tags, rename_tag
from forums.models import Tag, TagAlias, Topic, TopicGroup, Upload
from forums.queries.rail import forget_rail
from profiles.admin import LookedAtAdmin


class NotedAdmin(admin.ModelAdmin):
    """Every save stands in the log and outdates the pages that show the row."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        viewer = request.viewer  # type: ignore[attr-defined]
        name = obj._meta.model_name
        record(
            f"{name}.{'changed' if change else 'made'}",
            actor_id=viewer.pk if viewer else None,
            target=f"{name}:{obj.pk}",
            before={},
            after={"fields": form.changed_data},
        )
        forget_rail()
        pagecache.bump(pagecache.SITE, pagecache.LISTS)


@admin.register(TopicGroup)
class TopicGroupAdmin(NotedAdmin):
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(NotedAdmin):
    list_display = ["name", "group", "solutions_enabled", "thread_count", "unanswered_count", "position"]
    list_select_related = ["group"]
    list_filter = ["group", "solutions_enabled"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A topic with threads keeps its kind: solutions would be lost. Make another and move the threads."""
        counted = ["thread_count", "unanswered_count", "solved_count"]
        return [*counted, "solutions_enabled"] if obj and obj.threads.exists() else counted

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, list[str]]:
        return {} if obj else {"slug": ["name"]}


class TagForm(forms.ModelForm):
    into = forms.ModelChoiceField(
        label=gettext_lazy("Merge into"),
        queryset=Tag.objects.all(),
        required=False,
        help_text=gettext_lazy("Every thread gets that tag instead, and the old name leads there."),
    )

    class Meta:
        model = Tag
        fields = ["name", "description"]


class AliasInline(admin.TabularInline):
    model = TagAlias
    extra = max_num = 0
    can_delete = False
    readonly_fields = ["name"]


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    form = TagForm
    list_display = ["name", "description", "thread_count"]
    search_fields = ["name"]
    inlines = [AliasInline]
    paginator = FewRowsPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        viewer = request.viewer  # type: ignore[attr-defined]
        stored = Tag.objects.get(pk=obj.pk)
        try:
            if into := form.cleaned_data.get("into"):
                merge_tags(viewer, stored, into)
                return
            Tag.objects.filter(pk=obj.pk).update(description=form.cleaned_data["description"])
            if obj.name != stored.name:
                obj.name = rename_tag(viewer, stored, obj.name).name
        except (PermissionDenied, ValidationError) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        delete_tag(request.viewer, obj)  # type: ignore[attr-defined]

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for tag in queryset:
            delete_tag(request.viewer, tag)  # type: ignore[attr-defined]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        return (
            [_("%(name)s, on %(count)d threads") % {"name": tag.name, "count": tag.thread_count} for tag in objs],
            {},
            set(),
            [],
        )


@admin.register(Upload)
class UploadAdmin(LookedAtAdmin):
    list_display = ["name", "owner", "content_type", "width", "height", "size", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name"]
    ordering = ["-id"]
