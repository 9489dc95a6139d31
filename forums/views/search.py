"""Search: the page, suggestions while someone types, and similar threads while someone asks."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.lib import ratelimit
from community.lib.clients import client_key
from community.lib.origin import guest_writable
from forums.actions.searches import count_miss, say_solved
from forums.forms import SearchForm
from forums.models import Thread
from forums.models.thread import State
from forums.permissions import may_moderate
from forums.queries import search_names
from forums.queries.offers import offers
from forums.queries.rail import rail
from forums.queries.search import PAGE_SIZE, find_posts, find_threads, hits_of
from forums.views.compose import similar_to
from forums.views.editor import caller
from forums.views.threads import page_number
from profiles.http import HttpRequest

BESIDE = 5
COUNTED = 100  # results; beyond, "100+" is shown
PEOPLE_SHOWN, TAGS_SHOWN = 40, 40


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Threads, posts, people and tags that match. Search engines don't index this page."""
    form = SearchForm(request.GET)
    context: dict[str, object] = {"area": "search", "form": form, "rail": rail(), "states": State.choices}
    status = 200
    if not form.is_valid():
        status = 400
    elif form.cleaned_data["q"].strip():
        ratelimit.check("search", caller(request), limit=120, seconds=60)
        context |= _results(request, form)
    else:
        context["kind"] = form.cleaned_data["type"]
    context["query"] = urlencode(
        [(name, value) for name, value in request.GET.items() if name not in ("page", "type") and value]
    )
    response = render(request, "forums/search.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _results(request: HttpRequest, form: SearchForm) -> dict[str, object]:
    asked, kind = form.asked(), form.cleaned_data["type"]
    if kind == "people":
        return {"kind": kind, "people": search_names.people(asked.text, limit=PEOPLE_SHOWN)}
    if kind == "tags":
        return {"kind": kind, "tags": search_names.tags(asked.text, limit=TAGS_SHOWN)}
    found = find_posts(asked) if kind == "posts" else find_threads(asked)
    page = min(page_number(request), max(1, -(-len(found.ranked) // PAGE_SIZE)))
    start = (page - 1) * PAGE_SIZE
    hits = hits_of(found, found.ranked[start : start + PAGE_SIZE])
    people = search_names.people(asked.text, limit=BESIDE) if page == 1 else []
    tags = search_names.tags(asked.text, limit=BESIDE) if page == 1 else []
    if not (found.ranked or asked.is_filtered):
        count_miss(asked.text, by=client_key(request))
    return {
        "kind": kind,
        "found": found,
        "hits": hits,
        "people": people,
        "tags": tags,
        "page": page,
        "more": start + PAGE_SIZE < len(found.ranked),
        "counted": str(len(found.ranked)) if len(found.ranked) < COUNTED else f"{COUNTED}+",
        "filtered": asked.is_filtered,
        "picking": kind != "posts" and may_moderate(request.viewer),
    }


@require_safe
def search_suggest(request: HttpRequest) -> JsonResponse:
    """Suggestions of the search field while someone types."""
    ratelimit.check("search-suggest", caller(request), limit=240, seconds=60)
    found = offers(request.GET.get("q", ""))
    response = JsonResponse({"results": found})
    response["X-Robots-Tag"] = "noindex"
    return response


@guest_writable
@require_POST
def thread_similar(request: HttpRequest) -> HttpResponse:
    """Threads like the question, as a fragment. A POST because a body may be long; it changes nothing."""
    ratelimit.check("similar", caller(request), limit=120, seconds=60)
    return render(request, "forums/fragments/similar.html", {"similar": similar_to(request.POST)})


@guest_writable
@require_POST
def thread_solved_it(request: HttpRequest, pk: int) -> HttpResponse:
    """“This solved it”: discard the draft, count it, and lead to the thread."""
    viewer = request.viewer
    thread = get_object_or_404(Thread.objects.visible_to(viewer).solved(), pk=pk)
    ratelimit.check("solved-it", caller(request), limit=20, seconds=3600)
    say_solved(viewer, thread)
    if viewer is not None:
        messages.success(request, _("Great! We discarded your draft. Here is the solution."))
    return redirect(f"{thread.get_absolute_url()}#solution")
