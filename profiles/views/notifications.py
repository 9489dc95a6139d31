"""The notification centre."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib.keypages import page_by_id
from profiles.actions.notifications import dismiss_notifications, read_notifications, undismiss_notification
from profiles.http import HttpRequest
from profiles.models import Notification
from profiles.notification_visibility import veiled
from profiles.notifications import find_kind
from profiles.queries import mail_settings_of, notifications_of
from profiles.views.guards import signed_in


@require_safe
@signed_in
def notification_list(request: HttpRequest) -> HttpResponse:
    """List the viewer's notifications, newest first; `?show=unread` leaves out those that were read."""
    show = "unread" if request.GET.get("show") == "unread" else ""
    rows = notifications_of(request.viewer)
    page = page_by_id(rows.filter(read_at=None) if show else rows, request.GET.dict())
    context = {
        "area": "notifications",
        "page": page,
        "lines": [(row, label_of(row)) for row in veiled(page.rows, request.viewer)],
        "show": show,
        "query": f"show={show}" if show else "",
        "chosen": mail_settings_of(request.viewer),
    }
    return render(request, "profiles/notifications.html", context)


@require_safe
@signed_in
def notification_count(request: HttpRequest) -> HttpResponse:
    """The unread count in the top bar; open pages ask for it once a minute."""
    return render(request, "parts/bell.html")


@require_POST
@signed_in
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark one notification (`id`) or all as read."""
    _for_chosen(request, read_notifications)
    return redirect("notification-list")


@require_POST
@signed_in
def notifications_dismiss(request: HttpRequest) -> HttpResponse:
    """Dismiss one notification (`id`), with Undo, or all that were read."""
    chosen = _for_chosen(request, dismiss_notifications)
    if chosen is not None:
        messages.success(
            request,
            _("Notification dismissed."),
            extra_tags=f"undo:/community/notifications/{chosen}/undismiss/",
        )
    return redirect("notification-list")


@require_POST
@signed_in
def notification_undismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore a dismissed notification."""
    undismiss_notification(request.viewer, pk)
    return redirect("notification-list")


def label_of(row: Notification) -> str:
    """Return the label of the row's kind."""
    kind = find_kind(row.kind)
    return str(kind.label) if kind else ""


def _for_chosen(request: HttpRequest, act: Callable[..., Any]) -> int | None:
    """Run `act` on the notification with the sent id, or on all. Return the id, None for all."""
    chosen = request.POST.get("id", "")
    if chosen and not (chosen.isascii() and chosen.isdecimal() and len(chosen) <= 18):
        return None
    act(request.viewer, [int(chosen)] if chosen else None)
    return int(chosen) if chosen else None
