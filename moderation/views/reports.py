"""Reporting something: one form for posts, threads and profiles, for members and guests."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.lib.clients import client_key
from community.lib.refusals import add_errors
from forums.models import Thread
from moderation.actions.reports import report
from moderation.clauses import CLAUSES
from moderation.forms import ReportForm
from moderation.texts import NOTE_LIMIT
from moderation.things import Thing, find_thing
from profiles.http import HttpRequest


@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show the form; take it in. What a guest does not see cannot be reported either."""
    thing = find_thing(kind, pk, request.viewer)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _reported(request, thing, form):
        messages.success(
            request, _("Thank you. The team looks at it, and nobody else learns that you wrote.")
        )
        return redirect(_back_to(thing))
    context = {"thing": thing, "form": form, "clauses": CLAUSES.values(), "note_limit": NOTE_LIMIT}
    context["conduct_address"] = settings.CONDUCT_ADDRESS
    response = render(request, "moderation/report_new.html", context, status=400 if form.errors else 200)
    response["X-Robots-Tag"] = "noindex"
    return response


def _back_to(thing: Thing) -> str:
    """Return where the reporter came from, unless this very report hid it."""
    if thing.thread is None or thing.post is not None:
        return thing.url
    return thing.url if Thread.objects.visible_to(None).filter(pk=thing.thread.pk).exists() else "/questions/"


def _reported(request: HttpRequest, thing: Thing, form: ReportForm) -> bool:
    given, address = form.cleaned_data, client_key(request)
    if form.arrival(address).trapped:
        return True  # a program: it learns nothing
    viewer = request.viewer
    email = "" if viewer is not None else given["email"]
    try:
        report(viewer, thing, reason=given["reason"], note=given["note"], email=email, address=address)
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True
