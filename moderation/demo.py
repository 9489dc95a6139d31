"""Stand-ins for the company's own systems, in local mode only: a person's record, their activity, their plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from moderation.plans import is_signed

PLANS = ("Seedling", "Garden", "Orchard")


@require_safe
def person(request: HttpRequest) -> HttpResponse:
    """Where the product's own record of a person would open."""
    sentence = _("Here the product’s own record of this person would open:")
    return HttpResponse(
        format_html("<!doctype html><title>Demo</title><p>{} {}</p>", sentence, request.GET.get("email", ""))
    )


@xframe_options_sameorigin
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """What the activity pane would show."""
    sentence = _(
        "Here the product would show what this person did lately: signed in, added a station, opened the export."
    )
    response = HttpResponse(format_html("<!doctype html><title>Demo</title><p>{}</p>", sentence))
    response._csp_config = {"default-src": ["'none'"], "frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
    return response


@csrf_exempt
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Answer a signed look-up with an invented plan."""
    timestamp, signature = (
        request.headers.get("X-Hearth-Timestamp", ""),
        request.headers.get("X-Hearth-Signature", ""),
    )
    if not is_signed(timestamp, signature, request.body):
        return JsonResponse({"detail": "The signature is missing, wrong or too old."}, status=403)
    return JsonResponse({"plan": PLANS[sum(request.body) % len(PLANS)]})


urlpatterns = [
    path("person/", person, name="demo-person"),
    path("activity/", activity, name="demo-activity"),
    path("plan/", plan, name="demo-plan"),
]
