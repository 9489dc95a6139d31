"""What the editor asks for while somebody writes: previews, pictures, suggestions, drafts."""

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
    """Render what is typed as it would be posted: an HTML fragment."""
    viewer = request.viewer
    ratelimit.check("preview", _who(request), limit=120 if viewer else 40, seconds=60)
    try:
        html = bodies.prepare(request.POST.get("body", ""), guest=viewer is None).html
    except ValidationError as error:
        return render(
            request, "forums/fragments/preview.html", {"error": " ".join(error.messages)}, status=400
        )
    return render(request, "forums/fragments/preview.html", {"html": html})


@guest_writable
@require_POST
def upload(request: HttpRequest) -> JsonResponse:
    """Take a picture. A guest's waits under a token until they sign in."""
    viewer, file = request.viewer, request.FILES.get("file")
    ratelimit.check("upload", _who(request), limit=60 if viewer else 20, seconds=3600)
    if file is None:
        return JsonResponse({"detail": _("Choose a file.")}, status=400)
    if file.size > UPLOAD_LIMIT_BYTES:
        return JsonResponse(
            {"detail": _("That image is over 10 MB. Make it smaller and try again.")}, status=400
        )
    token = "" if viewer else guest_token(request)
    try:
        picture = save_upload(viewer, file, guest_token=token)
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=400)
    except PermissionDenied as refusal:
        return JsonResponse({"detail": str(refusal)}, status=403)
    answer = {
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "markdown": f"![]({picture.url})",
    }
    response = JsonResponse(answer, status=201)
    if token:
        set_token(response, GUEST_COOKIE, token)
    return response


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """People for @ and threads for #, as somebody types."""
    kind, query = request.GET.get("kind", ""), request.GET.get("q", "")[:60]
    ratelimit.check("suggest", _who(request), limit=240, seconds=60)
    found = suggestions.people(query) if kind == "mention" else suggestions.threads(query)
    return JsonResponse(found, safe=False)


@require_POST
@signed_in
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keep what is typed; the editor sends it every few seconds."""
    asked = request.POST
    key = asked.get("key", "")
    if not _is_draft_key(key):
        return JsonResponse({"detail": _("That draft belongs to nothing.")}, status=400)
    fields = {
        "subject": asked.get("subject", ""),
        "topic_slug": asked.get("topic", ""),
        "tags": asked.get("tags", ""),
        "body": asked.get("body", ""),
        "docs_page": asked.get("docs_page", ""),
    }
    try:
        drafts.save_draft(request.viewer, key, **fields)
    except ValidationError as error:
        return JsonResponse({"detail": " ".join(error.messages)}, status=400)
    return HttpResponse(status=204)


def _is_draft_key(key: str) -> bool:
    return key == "ask" or (key.startswith("thread:") and key[7:].isdecimal() and len(key) <= 25)


@require_safe
@signed_in
def draft_list(request: HttpRequest) -> HttpResponse:
    """Everything typed and not posted."""
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
    """Forget a draft."""
    drafts.discard_draft(request.viewer, request.POST.get("key", "")[:40])
    return redirect("draft-list")


def _who(request: HttpRequest) -> str:
    viewer = request.viewer
    return f"p{viewer.pk}" if viewer else client_key(request)
