"""For programs: sitemaps, Atom feeds and preview images of links."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import conditional_page, require_safe

from community.lib.images_cards import draw_card
from community.lib.redirects import moved
from forums.models import Tag, TagAlias, Thread, Topic
from forums.queries import feeds, sitemap

ATOM = "application/atom+xml; charset=utf-8"
XML = "application/xml; charset=utf-8"
CARD_SECONDS = 7 * 24 * 3600
DAY_SECONDS = 24 * 3600


@require_safe
@conditional_page
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The index of the sitemaps."""
    parts = [(f"{settings.SITE_URL}/sitemap-{name}.xml", moment) for name, moment in sitemap.index()]
    return render(request, "forums/sitemap_index.xml", {"parts": parts}, content_type=XML)


@require_safe
@conditional_page
def sitemap_part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One sitemap."""
    entries = sitemap.PARTS[kind](number) if kind in sitemap.PARTS else []
    if not entries:
        raise Http404
    rows = [(f"{settings.SITE_URL}{path}", moment) for path, moment in entries]
    return render(request, "forums/sitemap.xml", {"rows": rows}, content_type=XML)


@require_safe
@conditional_page
def feed_all(request: HttpRequest) -> HttpResponse:
    """New threads of all topics."""
    return _atom(request, _("New threads"), "/questions/", feeds.newest_threads(Thread.objects.all()))


@require_safe
@conditional_page
def feed_topic(request: HttpRequest, slug: str) -> HttpResponse:
    """New threads of a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    entries = feeds.newest_threads(Thread.objects.filter(topic=topic))
    return _atom(request, topic.name, f"/questions/topic/{topic.slug}/", entries)


@require_safe
@conditional_page
def feed_tag(request: HttpRequest, name: str) -> HttpResponse:
    """New threads under a tag."""
    if renamed := TagAlias.objects.filter(name=name).values_list("tag__name", flat=True).first():
        return moved("feed-tag", renamed)
    tag = get_object_or_404(Tag, name=name, thread_count__gt=0)
    entries = feeds.newest_threads(Thread.objects.filter(tag_names__contains=[tag.name]))
    return _atom(request, f"#{tag.name}", f"/questions/?tag={tag.name}", entries)


@require_safe
@conditional_page
def feed_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """New posts of a listed thread."""
    thread = get_object_or_404(Thread.objects.visible_to(None).listed(), pk=pk)
    return _atom(request, thread.subject, thread.get_absolute_url(), feeds.posts_of(thread))


def _atom(request: HttpRequest, title: str, page: str, entries: list[feeds.Entry]) -> HttpResponse:
    return HttpResponse(feeds.atom(title, path=request.path, page=page, entries=entries), content_type=ATOM)


@require_safe
def thread_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview image of a thread. Drawn once for its content."""
    thread = get_object_or_404(Thread.objects.visible_to(None).listed().select_related("topic"), pk=pk)
    if thread.solution_id:
        below = _("Solved")
    else:
        below = (
            ngettext("%(count)d reply", "%(count)d replies", thread.reply_count)
            % {"count": thread.reply_count}
            if thread.reply_count
            else _("Unanswered")
        )
    words = (
        thread.subject,
        f"{settings.SITE_NAME} · {thread.topic.name}",
        below,
        str(bool(thread.solution_id)),
    )
    version = hashlib.blake2b("\0".join(words).encode("utf-8", "replace"), digest_size=12).hexdigest()
    if request.headers.get("If-None-Match", "").strip('W/" ') == version:
        return HttpResponse(status=304, headers={"ETag": f'"{version}"'})
    picture = cache.get(f"card:{version}")
    if picture is None:
        picture = draw_card(thread.subject, above=words[1], below=below, solved=bool(thread.solution_id))
        cache.set(f"card:{version}", picture, CARD_SECONDS)
    headers = {
        "ETag": f'"{version}"',
        "Cache-Control": f"public, max-age={DAY_SECONDS}",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(picture, content_type="image/png", headers=headers)
