"""Settings of notifications and e-mail, the e-mail history, and unsubscribe links."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.lib.keypages import page_by_id
from profiles.http import HttpRequest
from profiles.mail import unsubscribe
from profiles.mail.forms import MailForm
from profiles.mail.preferences import choose_mail, pause_mail, restart_mail
from profiles.models import Delivery, DeliveryState, Profile, ReturnKind, SkipReason
from profiles.notification_visibility import veiled
from profiles.notifications import find_kind
from profiles.queries import deliveries_of, mail_settings_of, wishes_of
from profiles.views.guards import signed_in
from profiles.views.settings import settings_page, submit

# The filters of the e-mail history.
SHOWN_STATES: dict[str, list[str]] = {
    "sent": [DeliveryState.SENT],
    "skipped": [DeliveryState.SKIPPED],
    "failed": [DeliveryState.FAILED],
    "waiting": [DeliveryState.QUEUED, DeliveryState.CLAIMED],
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Choose what to be notified about, on the site and by e-mail, and when the digest is sent."""
    viewer: Profile = request.viewer
    chosen, wishes = mail_settings_of(viewer), wishes_of(viewer)
    form = MailForm(request.POST if request.method == "POST" else None, chosen=chosen, wishes=wishes)
    if submit(form, lambda: _choose(viewer, form)):
        messages.success(request, _("Saved."))
        return redirect("settings-mail")
    context = {"chosen": chosen, "email": request.user.email, "site_zone": settings.TIME_ZONE}  # type: ignore[union-attr]
    return settings_page(request, "mail", form=form, **context)


@require_POST
@signed_in
def mail_pause(request: HttpRequest) -> HttpResponse:
    """Pause all e-mail (`do` is pause), or resume it."""
    wanted = request.POST.get("do") == "pause"
    pause_mail(request.viewer, paused=wanted)
    messages.success(request, _("E-mails are paused.") if wanted else _("E-mails are on again."))
    return redirect("settings-mail")


@require_POST
@signed_in
def mail_restart(request: HttpRequest) -> HttpResponse:
    """Restart e-mail that was stopped by bounces or a complaint."""
    restart_mail(request.viewer)
    messages.success(request, _("E-mails are on again."))
    return redirect("settings-mail")


@require_safe
@signed_in
def mail_log(request: HttpRequest) -> HttpResponse:
    """List every e-mail to the viewer, with why one was not sent; `?show=` filters by state."""
    show = request.GET.get("show", "") if request.GET.get("show") in SHOWN_STATES else ""
    rows = deliveries_of(request.viewer)
    page = page_by_id(rows.filter(state__in=SHOWN_STATES[show]) if show else rows, request.GET.dict())
    context = {
        "page": page,
        "lines": [(row, _label_of(row), _why(row)) for row in veiled(page.rows, request.viewer)],
        "show": show,
        "query": f"show={show}" if show else "",
    }
    return settings_page(request, "mail_log", **context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_link(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe by a link in an e-mail (RFC 8058): the token replaces sign-in, cookie and CSRF token.

    A GET, which scanners follow, only shows a button; a POST unsubscribes and may be repeated.
    """
    read = unsubscribe.read_token(token)
    profile = Profile.objects.filter(pk=read[0]).first() if read else None
    if read is None or profile is None:
        raise Http404
    done = request.method == "POST"
    if done:
        unsubscribe.stop(profile, read[1])
    context = {"what": unsubscribe.describe(read[1]), "done": done, "path": request.path}
    response = render(request, "profiles/unsubscribe.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _choose(viewer: Profile, form: MailForm) -> None:
    data = form.cleaned_data
    choose_mail(viewer, kinds=form.choices(), hour=data["digest_hour"], time_zone=data["time_zone"])


def _label_of(row: Delivery) -> str:
    kind = find_kind(row.kind)
    return str(kind.label) if kind else ""


def _why(row: Delivery) -> str:
    """Return why an e-mail was not sent or failed, or what happens next to one that waits."""
    if row.reason:
        return str(SkipReason(row.reason).label) if row.reason in SkipReason.values else ""
    if returned := list(row.returns.all()):
        return str(ReturnKind(returned[0].kind).label)
    if row.state == DeliveryState.FAILED and row.next_attempt_at:
        return _("The mail server didn’t accept the e-mail. We will try again.")
    return ""
