"""What belongs to a docs page: its topic, its questions, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db.models import Case, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from forums.docs import BadPage, allowed_page
from forums.models import DocsRule, PageMove, Post, Thread, Topic

PAGE_SIZE = 20
REPLIES = 5  # the newest of each question, shown under it; its thread has the rest
MOST = 200  # questions of one page that can be paged through in its frame
UNCATEGORIZED = "uncategorized"


@dataclass(frozen=True)
class Place:
    """Where a question from a page goes."""

    topic: Topic
    listed: bool
    why: str
    rule: DocsRule | None = None


def place_of(url: str, section: str = "") -> Place:
    """Return the topic for questions from `url`: by the longest path, then by the section, then
    Uncategorized.

    Rules that name the page's host come before those that name none.
    """
    parts = urlsplit(url)
    path, section = unquote(parts.path) or "/", section.strip()
    rules = DocsRule.objects.select_related("topic__group").filter(host__in=["", parts.netloc])
    rule = max(
        rules.filter(prefix__in=_beginnings(path)),
        key=lambda one: (one.host != "", len(one.prefix)),
        default=None,
    )
    if rule is not None:
        why = (
            _("The path starts with %(prefix)s on %(host)s.")
            if rule.host
            else _("The path starts with %(prefix)s.")
        )
        return Place(rule.topic, rule.listed, why % {"prefix": rule.prefix, "host": rule.host}, rule)
    rule = rules.filter(prefix="", section__iexact=section).order_by("-host").first() if section else None
    if rule is not None:
        why = _("No path matches. The section is %(section)s.") % {"section": rule.section}
        return Place(rule.topic, rule.listed, why, rule)
    return Place(_uncategorized(), True, _("No rule matches."))


def topic_for(given: str) -> str:
    """Return the slug of the topic that questions from a page go to, or nothing when that is no page of an
    allowed site.
    """
    try:
        return place_of(moved_to(allowed_page(given))).topic.slug if given else ""
    except BadPage:
        return ""


def _beginnings(path: str) -> list[str]:
    """Return /a/b, /a and / of /a/b."""
    parts = path.strip("/").split("/")
    return ["/", *("/" + "/".join(parts[: end + 1]) for end in range(min(len(parts), 30)))]


def _uncategorized() -> Topic:
    """Return the topic, or one that is not stored yet: looking at a page changes nothing."""
    found = Topic.objects.select_related("group").filter(slug=UNCATEGORIZED).first()
    return found or Topic(slug=UNCATEGORIZED, name=_("Uncategorized"))


def edit_address(url: str, section: str = "") -> str:
    """Return where the page's source is edited, or nothing."""
    rule = place_of(url, section).rule if url else None
    if rule is None or not rule.edit_template:
        return ""
    return rule.edit_template.replace("{path}", urlsplit(url).path.strip("/"))


def moved_to(url: str) -> str:
    """Return the address a page has now."""
    return PageMove.objects.filter(old_url=url).values_list("new_url", flat=True).first() or url


def threads_of(url: str) -> QuerySet[Thread]:
    """Return a page's public questions as an FAQ: pinned first, then solved ones, then by votes and newness."""
    public = Thread.objects.filter(
        docs_page=url, archived_at=None, hidden_at=None, deleted_at=None, merged_into=None
    )
    rank = Case(When(pinned_at__isnull=False, then=0), When(solution__isnull=False, then=1), default=2)
    return public.annotate(faq_rank=rank).order_by("faq_rank", "-vote_count", "-created_at", "-id")


@dataclass(frozen=True)
class PageQuestions:
    """One frame's worth of a page's questions; `total` stops at MOST."""

    threads: list[Thread]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


def questions_of(url: str, page: int = 1) -> PageQuestions:
    """Return page `page` of what was asked on `url`, with solutions, newest replies and authors: three
    queries.
    """
    threads = threads_of(url)
    total = threads.order_by()[:MOST].count()
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    first = (page - 1) * PAGE_SIZE
    found = threads.select_related("author__team", "solution__author__team", "topic")[
        first : min(first + PAGE_SIZE, MOST)
    ]
    return PageQuestions(_with_replies(list(found)), total, page)


def _with_replies(threads: list[Thread]) -> list[Thread]:
    """Give each thread `shown_replies`, its newest public ones but the solution, and `more_replies`, how many
    came before.
    """
    newest = Window(RowNumber(), partition_by="thread_id", order_by="-number")
    replies = (
        Post.objects.shown()
        .filter(thread__in=threads, number__gt=1)
        .exclude(pk__in=[one.solution_id or 0 for one in threads])
    )
    found = defaultdict(list)
    for post in (
        replies.annotate(place=newest)
        .filter(place__lte=REPLIES)
        .select_related("author__team")
        .order_by("number")
    ):
        found[post.thread_id].append(post)
    for thread in threads:
        thread.shown_replies = found[thread.pk]
        thread.more_replies = max(
            0, thread.reply_count - len(thread.shown_replies) - (thread.solution_id is not None)
        )
    return threads
