"""Behind the editor: previews, images, suggestions and drafts."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.origin import guest_writable
from community.lib.refusals import error_message
from forums import bodies
from forums.actions import drafts
from forums.actions.uploads import save_upload
from forums.models import Draft, Thread
from forums.queries import suggestions
from forums.views.compose import GUEST_COOKIE, guest_token, set_token
from forums.views.threads import page_number
from profiles.http import HttpRequest
from profiles.views.guards import signed_in

DRAFTS_PER_PAGE = 20
UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024


@guest_writable
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Render the text as it would be posted: an HTML fragment."""
    viewer = request.viewer
    ratelimit.check("preview", caller(request), limit=120 if viewer else 40, seconds=60)
    try:
        context = {"html": bodies.prepare(request.POST.get("body", ""), guest=viewer is None).html}
    except ValidationError as error:
        context = {"error": error_message(error)}
    return render(
        request, "forums/fragments/preview.html", context, status=400 if "error" in context else 200
    )


@guest_writable
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Upload an image. A guest's is kept under a token until they sign in."""
    viewer, file = request.viewer, request.FILES.get("file")
    ratelimit.check("upload", caller(request), limit=60 if viewer else 20, seconds=3600)
    if file is None:
        return _refusal(ValidationError(_("Choose a file.")))
    if file.size > UPLOAD_LIMIT_BYTES:
        return _refusal(ValidationError(_("Choose an image under 10 MB.")))
    token = "" if viewer else guest_token(request)
    try:
        picture = save_upload(viewer, file, guest_token=token)
    except (ValidationError, PermissionDenied) as refusal:
        return _refusal(refusal)
    answer = {name: getattr(picture, name) for name in ("url", "width", "height")}
    response = JsonResponse({**answer, "markdown": f"![]({picture.url})"}, status=201)
    if token:
        set_token(response, GUEST_COOKIE, token)
    return response


def _refusal(refusal: Exception) -> JsonResponse:
    status = 403 if isinstance(refusal, PermissionDenied) else 400
    return JsonResponse({"detail": error_message(refusal)}, status=status)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """People for @ and threads for #, while someone types."""
    kind, query = request.GET.get("kind", ""), request.GET.get("q", "")[:60]
    ratelimit.check("suggest", caller(request), limit=240, seconds=60)
    found = suggestions.people(query) if kind == "mention" else suggestions.threads(query)
    return JsonResponse(found, safe=False)


@require_POST
@signed_in
def draft_save(request: HttpRequest) -> HttpResponse:
    """Save a draft; the editor sends it every few seconds."""
    asked = request.POST
    key = asked.get("key", "")
    if not _is_draft_key(key):
        return _refusal(ValidationError(_("This draft belongs to no thread.")))
    fields = {name: asked.get(name, "") for name in ("subject", "tags", "body", "docs_page")}
    try:
        drafts.save_draft(request.viewer, key, topic_slug=asked.get("topic", ""), **fields)
    except ValidationError as error:
        return _refusal(error)
    return HttpResponse(status=204)


def _is_draft_key(key: str) -> bool:
    return key == "ask" or (key.startswith("thread:") and key[7:].isdecimal() and len(key) <= 25)


@require_safe
@signed_in
def draft_list(request: HttpRequest) -> HttpResponse:
    """The viewer's drafts, newest first."""
    mine = Draft.objects.filter(profile=request.viewer).order_by("-updated_at")
    page = Paginator(mine, DRAFTS_PER_PAGE).get_page(page_number(request))
    ids = [int(draft.key[7:]) for draft in page if draft.key.startswith("thread:")]
    found = Thread.objects.visible_to(request.viewer).in_bulk(ids)
    rows = [
        (draft, found.get(int(draft.key[7:])) if draft.key.startswith("thread:") else None) for draft in page
    ]
    return render(request, "forums/drafts.html", {"area": "questions", "rows": rows, "page": page})


@require_POST
@signed_in
def draft_discard(request: HttpRequest) -> HttpResponse:
    """Discard a draft."""
    drafts.discard_draft(request.viewer, request.POST.get("key", "")[:40])
    return redirect("draft-list")


def caller(request: HttpRequest) -> str:
    """Return whom a limit counts: the member, or the guest's address."""
    viewer = request.viewer
    return f"p{viewer.pk}" if viewer else client_key(request)
