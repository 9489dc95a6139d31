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
from community.audit.logged import LoggedAdmin
from community.lib.adminpages import FewRowsPaginator, ReadOnlyAdmin, RefusalsAdmin
from community.lib.refusals import attempt
from forums.actions.tags import clean_tag_names, delete_tag, describe_tag, merge_tags, rename_tag
from forums.models import ReceivedMail, Tag, TagAlias, Topic, TopicGroup, Upload
from forums.queries.rail import forget_rail
from profiles.http import HttpRequest


class TopicsAdmin(LoggedAdmin):
    """Also outdates the pages that show the row."""

    slug_from = "name"

    def log(self, *args: Any, **kwargs: Any) -> None:
        super().log(*args, **kwargs)
        forget_rail()
        pagecache.bump(pagecache.SITE, pagecache.LISTS)


@admin.register(TopicGroup)
class TopicGroupAdmin(TopicsAdmin):
    list_display = ["name", "slug", "position"]
    search_fields = ["name"]


@admin.register(Topic)
class TopicAdmin(TopicsAdmin):
    list_display = ["name", "group", "solutions_enabled", "thread_count", "unanswered_count", "position"]
    list_select_related = ["group"]
    list_filter = ["group", "solutions_enabled"]
    search_fields = ["name", "slug"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A topic with threads keeps its kind, because solutions would be lost: move the threads instead."""
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
            "Every thread with this tag gets the other tag. The old name redirects to it."
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
        """Tags come into being when threads use them."""
        return False

    @admin.display(description=gettext_lazy("page"))
    def page(self, tag: Tag) -> str:
        return format_html('<a href="/questions/?tag={}">{}</a>', tag.name, _("Open"))

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        """Apply each change of the form by its action; the row itself is not saved here."""
        viewer, tag = request.viewer, Tag.objects.get(pk=obj.pk)
        if into := form.cleaned_data.get("into"):
            merge_tags(viewer, tag, into)
            return
        if "description" in form.changed_data:
            describe_tag(viewer, tag, obj.description)
        if "name" in form.changed_data:
            rename_tag(viewer, tag, obj.name)

    def response_change(self, request: HttpRequest, obj: Tag) -> HttpResponse:
        """Return to the list after a merge: the tag's own page is gone."""
        if not Tag.objects.filter(pk=obj.pk).exists():
            self.message_user(
                request, _("Tag merged. Its old name redirects to the other tag."), messages.SUCCESS
            )
            return HttpResponseRedirect(reverse("admin:forums_tag_changelist"))
        return super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        delete_tag(request.viewer, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for tag in queryset:
            if refusal := attempt(delete_tag, request.viewer, tag):
                self.message_user(request, f"{tag}: {refusal}", messages.ERROR)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        line = _("%(name)s (%(count)d threads)")
        return [line % {"name": tag.name, "count": tag.thread_count} for tag in objs], {}, set(), []


@admin.register(Upload)
class UploadAdmin(ReadOnlyAdmin):
    list_display = ["name", "owner", "content_type", "width", "height", "size", "created_at", "picture"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__name"]
    fields = [
        "name", "picture", "owner", "content_type", ("width", "height"), "size", "sha256", "thumbnail_widths",
        "created_at", "used_in",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("image"))
    def picture(self, upload: Upload) -> str:
        return format_html('<a href="{}">{}</a>', upload.url, _("Open"))

    @admin.display(description=gettext_lazy("used in posts"))
    def used_in(self, upload: Upload) -> str:
        return ", ".join(str(pk) for pk in upload.posts.values_list("pk", flat=True)[:20])


@admin.register(ReceivedMail)
class ReceivedMailAdmin(ReadOnlyAdmin):
    """The outcome of each e-mail received, without addresses or text."""

    list_display = ["received_at", "outcome", "reason", "profile", "thread"]
    list_filter = ["outcome"]
    list_select_related = ["profile", "thread"]
    fields = ["received_at", "outcome", "reason", "profile", "thread", "post", "answered_at"]
