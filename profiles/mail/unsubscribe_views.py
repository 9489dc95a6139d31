"""Pages that mails lead to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from profiles.mail import unsubscribe
from profiles.models import Profile


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_link(request: HttpRequest, token: str) -> HttpResponse:
    """Turn one bell off from a mail (RFC 8058): without cookie, sign-in or CSRF token, since the token says it all.

    A GET, which scanners follow, shows a button and changes nothing; a POST answers 200, however often it comes.
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
