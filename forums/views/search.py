"""Search: the page, what the field offers while somebody types, and what is alike while somebody asks."""

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
from forums.forms import SearchForm, split_tags
from forums.models import Thread
from forums.models.thread import State
from forums.permissions import may_moderate
from forums.queries import search_names
from forums.queries.offers import offers
from forums.queries.rail import rail
from forums.queries.search import PAGE_SIZE, Found, find_posts, find_threads, hits_of
from forums.queries.similar import similar
from forums.views.editor import _who
from forums.views.threads import page_number
from profiles.http import HttpRequest

BESIDE = 5
PEOPLE_SHOWN, TAGS_SHOWN = 40, 40


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Threads, posts, people and tags that match. Never in a search engine's index."""
    form = SearchForm(request.GET)
    context: dict[str, object] = {"area": "search", "form": form, "rail": rail(), "states": State.choices}
    status = 200
    if not form.is_valid():
        status = 400
    elif form.cleaned_data["q"].strip():
        ratelimit.check("search", _who(request), limit=120, seconds=60)
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
        "kind": kind, "found": found, "hits": hits, "people": people, "tags": tags, "page": page,
        "more": start + PAGE_SIZE < len(found.ranked), "counted": _counted(found), "filtered": asked.is_filtered,
        "picking": kind != "posts" and may_moderate(request.viewer),
    }  # fmt: skip


def _counted(found: Found) -> str:
    return f"{len(found.ranked)}" if len(found.ranked) < 100 else "100+"


@require_safe
def search_suggest(request: HttpRequest) -> JsonResponse:
    """What the search field offers while somebody types."""
    ratelimit.check("search-suggest", _who(request), limit=240, seconds=60)
    found = offers(request.GET.get("q", ""))
    response = JsonResponse({"results": found})
    response["X-Robots-Tag"] = "noindex"
    return response


@guest_writable
@require_POST
def thread_similar(request: HttpRequest) -> HttpResponse:
    """Threads like what is being asked, as a fragment. Changes nothing; a POST because a body may be long."""
    ratelimit.check("similar", _who(request), limit=120, seconds=60)
    asked = request.POST
    found = similar(
        asked.get("subject", "")[:200], asked.get("body", ""), split_tags(asked.get("tags", "")[:250])[:5]
    )
    return render(request, "forums/fragments/similar.html", {"similar": found})


@guest_writable
@require_POST
def thread_solved_it(request: HttpRequest, pk: int) -> HttpResponse:
    """“This solved it”: close the draft, count it, and lead to the thread."""
    viewer = request.viewer
    thread = get_object_or_404(Thread.objects.visible_to(viewer).solved(), pk=pk)
    ratelimit.check("solved-it", _who(request), limit=20, seconds=3600)
    say_solved(viewer, thread)
    if viewer is not None:
        messages.success(request, _("Good. Your draft is closed; the answer is here."))
    return redirect(f"{thread.get_absolute_url()}#solution")
