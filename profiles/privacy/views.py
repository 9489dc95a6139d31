"""Your data: download it or delete the account. Both require a recent sign-in."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from profiles.forms import DeletionForm
from profiles.http import HttpRequest
from profiles.models import AccountDeletion, DataExport, Profile
from profiles.privacy.deletion import GRACE, cancel_deletion, request_deletion
from profiles.privacy.exports import open_export, request_export, token_of
from profiles.views.guards import signed_in, signed_in_lately
from profiles.views.settings import settings_page, submit

EXPORTS_SHOWN = 5


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required(
    allow_get=True, enabled=lambda request: _is_serious(request) and not signed_in_lately(request)
)
def data_settings(request: HttpRequest) -> HttpResponse:
    """Prepare a data export (`do` is download), delete the account (delete), or cancel that (keep)."""
    viewer: Profile = request.viewer
    wanted = request.POST.get("do")
    form = DeletionForm(request.POST if wanted == "delete" else None)
    if wanted == "download":
        request_export(viewer)
        messages.success(request, _("We’re preparing your data. You’ll get an e-mail when it’s ready."))
        return redirect("settings-data")
    if wanted == "keep":
        cancel_deletion(viewer)
        messages.success(request, _("Account deletion cancelled."))
        return redirect("settings-data")
    if submit(form, lambda: request_deletion(viewer, **form.values())):
        messages.success(request, _("Account deletion scheduled. You can cancel it here until then."))
        return redirect("settings-data")
    exports = list(DataExport.objects.filter(profile=viewer).order_by("-requested_at")[:EXPORTS_SHOWN])
    for export in exports:
        export.token = token_of(export)  # type: ignore[attr-defined]
    deletion = AccountDeletion.objects.filter(profile=viewer).first()
    return settings_page(
        request, "data", form=form, exports=exports, deletion=deletion, grace_days=GRACE.days
    )


def _is_serious(request: HttpRequest) -> bool:
    """Return whether the POST needs a recent sign-in: everything but keeping the account does."""
    return request.POST.get("do") != "keep"


@require_safe
@signed_in
@reauthentication_required(allow_get=False, enabled=lambda request: not signed_in_lately(request))
def data_download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the viewer's own export; 404 for another member's, an expired or an unknown one."""
    _export, file = open_export(request.viewer, token)
    response = FileResponse(file, as_attachment=True, filename="my-data.zip", content_type="application/zip")
    response["X-Content-Type-Options"] = "nosniff"
    return response
