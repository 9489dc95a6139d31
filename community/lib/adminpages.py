"""Pieces of Django admin: large tables without counting every row, rows that only actions change, forms on
pages of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partialmethod
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.lib.refusals import REFUSALS, add_errors, attempt, error_message
from community.lib.verbs import REASON_LIMIT, Need, Target, Text, Verb

COUNTED = 10_000
# One form of so many hidden fields stays well below DATA_UPLOAD_MAX_NUMBER_FIELDS, and its work within a
# request.
BULK_LIMIT = 200
Act = Callable[..., object]


class FewRowsPaginator(Paginator):
    """Counts at most `COUNTED` rows: whoever needs to go further back searches or filters."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return rows.order_by()[:COUNTED].count() if isinstance(rows, QuerySet) else len(rows)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows are shown here and changed by actions only: not even a superuser saves, adds or deletes one."""

    paginator = FewRowsPaginator
    show_full_result_count = False
    # Newest first and nothing else: an order without an index reads the whole table.
    ordering = ["-id"]
    sortable_by = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return flatten(cast(Any, self.fields or self.readonly_fields))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """Search as Django does, for handles as people write them too: @tove."""
        words = " ".join(word.removeprefix("@") for word in search_term.split(" "))
        return super().get_search_results(request, queryset, words)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Of the list: who may run its actions.

        A single row is never saved: that would write stale counters over new ones.
        """
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_view_permission(request) or super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RefusalsAdmin(admin.ModelAdmin):
    """Saves through actions, whose refusals are said in their own words and change nothing; Django would
    show an error page.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            self.message_user(request, error_message(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


class FixedFields(admin.ModelAdmin):
    """Fields that never change once the row exists. A slug is suggested from `slug_from`."""

    fixed: tuple[str, ...] = ("slug",)
    slug_from = "title"

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *(self.fixed if obj else ())]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {} if obj or not self.slug_from else {"slug": [self.slug_from]}


class FormPages(admin.ModelAdmin):
    """Pages with forms of their own.

    `row_pages` names those of one row: "stock" is `stock_page(request, pk)` at <pk>/stock/.
    """

    row_pages: tuple[str, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        named = f"{self.opts.app_label}_{self.opts.model_name}"
        pages = [
            path(
                f"<int:pk>/{one}/",
                self.admin_site.admin_view(getattr(self, f"{one}_page")),
                name=f"{named}_{one}",
            )
            for one in self.row_pages
        ]
        return [*pages, *super().get_urls()]

    def form_page(
        self,
        request: HttpRequest,
        title: Text,
        *shown: forms.Form,
        run: Callable[[Any], str | HttpResponse],
        **context: Any,
    ) -> HttpResponse:
        """Show forms, and `run` the one that was sent: it returns a page, or what to say on the way `back`.

        Refusals are shown beside the fields. `context` may have intro, back, hidden and template; a form may have `button`.
        """
        sent = next((form for form in shown if form.is_bound), None)
        context.setdefault("back", reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        if sent is not None and sent.is_valid():
            try:
                done = run(sent)
            except REFUSALS as refusal:
                add_errors(sent, refusal)
            else:
                if isinstance(done, HttpResponse):
                    return done
                self.message_user(request, done)
                return HttpResponseRedirect(context["back"])
        return form_response(self, request, title, *shown, **context)


def form_response(
    page: admin.ModelAdmin,
    request: HttpRequest,
    title: Text,
    *shown: forms.Form,
    template: str = "admin/form_page.html",
    **context: Any,
) -> HttpResponse:
    """Return the page of forms, with status 400 when one of them was refused."""
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": title,
        "forms": shown,
        "back": "?",
        **context,
    }
    return TemplateResponse(
        request, template, context, status=400 if any(form.errors for form in shown) else 200
    )


def confirm_inputs(request: HttpRequest, rows: list[Any]) -> list[tuple[str, object]]:
    """Return the hidden inputs with which an action's own page sends the action again, confirmed."""
    chosen = [(ACTION_CHECKBOX_NAME, row.pk) for row in rows]
    return [("action", request.POST.get("action", "")), ("confirm", "yes"), *chosen]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=REASON_LIMIT, widget=forms.TextInput(attrs={"size": 80})
    )


def bulk_action(
    name: str, label: Any, act: Act, form_class: type[ReasonForm] | None = ReasonForm, *, said: Text = ""
) -> Any:
    """Return an admin action that asks for a reason on a page of its own, then runs `act(viewer, row, **form)` on each row.

    Each row has its own transaction: one refusal undoes nothing, and the log's chain is never held over many rows.
    `said` is the message when one row was done. Without a form class the action runs at once.
    """

    @admin.action(description=label, permissions=["change"])
    def action(self: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> HttpResponse | None:
        form = form_class(request.POST if "confirm" in request.POST else None) if form_class else None
        if form is not None and not form.is_valid():
            return _ask(self, request, rows, form, label)
        done = 0
        for row in rows[:BULK_LIMIT]:
            if why := attempt(act, request.viewer, row, **(form.cleaned_data if form else {})):  # type: ignore[attr-defined]
                self.message_user(request, _("%(row)s: %(why)s") % {"row": row, "why": why}, messages.ERROR)
            else:
                done += 1
        many = ngettext("%(label)s: %(count)d done.", "%(label)s: %(count)d done.", done)
        if done:
            one = str(said) if done == 1 else ""
            self.message_user(request, one or many % {"label": label, "count": done})
        return None

    action.__name__ = name
    return action


def verb_actions(target: Target) -> list[Any]:
    """Return an admin action for each verb of `target` that is done row by row."""
    return [_verb_action(target, verb) for verb in target.verbs.values() if not verb.together]


def _verb_action(target: Target, verb: Verb) -> Any:
    fields: dict[str, Any] = {}
    for need in verb.needs:
        field: type[forms.Field] = forms.ChoiceField if need.choices else forms.CharField
        extra: dict[str, Any] = {"choices": need.choices} if need.choices else {"max_length": REASON_LIMIT}
        fields[need.name] = field(label=cast(Any, need.label), required=need.required, **extra)
        fields[f"clean_{need.name}"] = partialmethod(_clean, need)
    if verb.notice:
        fields["quiet"] = forms.BooleanField(label=gettext_lazy("Don’t notify the authors"), required=False)

    def act(actor: Any, row: Model, *, quiet: bool = False, **given: Any) -> None:
        with target.quietly(quiet):
            verb.action(actor, row, **given)

    return bulk_action(
        verb.name.replace("-", "_"), verb.label, act, type("VerbForm", (ReasonForm,), fields), said=verb.done
    )


def _clean(form: forms.Form, need: Need) -> Any:
    return need.read(None, form.cleaned_data[need.name])


def _ask(
    page: admin.ModelAdmin, request: HttpRequest, rows: QuerySet, form: ReasonForm, label: Any
) -> HttpResponse:
    chosen = list(rows[: BULK_LIMIT + 1])
    asked = chosen[:BULK_LIMIT]
    limit = BULK_LIMIT if len(chosen) > BULK_LIMIT else None
    return form_response(
        page, request, label, form, rows=asked, limit=limit, hidden=confirm_inputs(request, asked)
    )
