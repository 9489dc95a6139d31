"""The home page, all threads, and the threads of a topic."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.lib.redirects import moved
from community.pagecache import cached_page, list_parts
from forums.models import TagAlias, TopicSubscription
from forums.models.thread import State
from forums.permissions import may_moderate
from forums.queries import lists, rail, structured
from forums.queries.lists import SORTS, BadCursor
from profiles.http import HttpRequest
from profiles.permissions import is_moderator


@cached_page(list_parts)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; members go to the community's home page."""
    if request.viewer is not None:
        return redirect("community-home")
    return _home(request)


@require_safe
def community_home(request: HttpRequest) -> HttpResponse:
    """The community's home page: latest activity."""
    return _home(request)


def _home(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer
    latest = lists.page_of(lists.ThreadFilter(), sort="active", size=8)
    waiting = lists.page_of(lists.ThreadFilter(state=State.UNANSWERED), sort="latest", size=5)
    rows = [*latest.rows, *waiting.rows]
    mine = []
    if viewer is not None:
        mine = lists.page_of(lists.ThreadFilter(author_id=viewer.pk), sort="active", size=5).rows
    lists.dress([*rows, *mine], viewer)
    context = {"area": "home", "latest": latest, "waiting": waiting, "mine": mine, "rail": rail.rail()}
    return render(request, "forums/home.html", context)


@cached_page(list_parts)
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """All threads."""
    return _list(request, topic=None)


@cached_page(list_parts)
@require_safe
def topic_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The threads of one topic, pinned ones first."""
    topic = next((one for group in rail.rail() for one in group.topics if one.slug == slug), None)
    if topic is None:
        rail.forget_rail()
        topic = next((one for group in rail.rail() for one in group.topics if one.slug == slug), None)
    if topic is None:
        raise Http404
    return _list(request, topic=topic)


def _list(request: HttpRequest, topic: rail.RailTopic | None) -> HttpResponse:
    viewer, asked = request.viewer, request.GET
    sort = asked.get("sort", "active") if asked.get("sort") in SORTS else "active"
    state = asked.get("state", "") if asked.get("state") in State.values else ""
    tag = asked.get("tag", "")[:40].lower()
    after, before, last = asked.get("after", ""), asked.get("before", ""), "last" in asked
    wanted = lists.ThreadFilter(topic_id=topic.id if topic else None, state=state, tag=tag)
    try:
        page = lists.page_of(wanted, sort=sort, after=after, before=before, last=last)
    except BadCursor as error:
        raise Http404 from error
    if (
        tag
        and not page.rows
        and (renamed := TagAlias.objects.filter(name=tag).values_list("tag__name", flat=True).first())
    ):
        return moved(f"{request.path}?tag={renamed}")
    pinned = lists.pinned_rows(topic.id) if topic and page.is_first and not (state or tag or before) else []
    shown = {row.thread.id for row in pinned}
    page.rows = [row for row in page.rows if row.thread.id not in shown]
    lists.dress([*pinned, *page.rows], viewer)
    lists.place_divider(page, viewer, sort)
    delivery = None
    if viewer is not None and topic is not None:
        delivery = (
            TopicSubscription.objects.filter(profile=viewer, topic=topic.id)
            .values_list("delivery", flat=True)
            .first()
        )
    query = asked.copy()
    for name in ("after", "before", "last"):
        query.pop(name, None)
    context = {
        "area": "questions",
        "topic": topic,
        "page": page,
        "pinned": pinned,
        "sort": sort,
        "state": state,
        "tag": tag,
        "rail": rail.rail(),
        "totals": topic or rail.totals(),
        "delivery": delivery or "none",
        "query": query.urlencode(),
        "for_team": is_moderator(viewer),
        "first_page": not (after or before or last),
        "structured": structured.of_topic(topic) if topic else "",
        "description": _description(topic, tag),
        "picking": may_moderate(viewer),
    }
    # Filtered and later pages repeat others; an empty page says nothing.
    context["indexed"] = bool(page.rows or pinned) and not (state or tag or after or before or last)
    response = render(request, "forums/list.html", context)
    if not context["indexed"]:
        response["X-Robots-Tag"] = "noindex, follow"
    return response


def _description(topic: rail.RailTopic | None, tag: str) -> str:
    """Return the page's description for search engines."""
    if topic is not None and topic.description:
        return topic.description
    names = {"site": settings.SITE_NAME, "topic": topic.name if topic else "", "tag": tag}
    if topic is not None:
        return _("Questions and discussions about %(topic)s in the %(site)s community.") % names
    if tag:
        return _("Questions and discussions tagged %(tag)s in the %(site)s community.") % names
    return _("All questions and discussions of the %(site)s community.") % names
