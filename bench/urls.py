"""The site's addresses and one more: a view that does nothing, for the ratios."""

from django.http import HttpResponse
from django.urls import path

from community.urls import *  # noqa: F403
from community.urls import urlpatterns as site

BODY = b"x" * 20_000


def noop(request: object) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("bench/noop/", noop), *site]
