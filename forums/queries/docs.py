"""What belongs to a docs page: its topic, its questions, and why."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext as _

from forums.docs import BadPage, allowed_page
from forums.models import DocsRule, PageMove, Thread, Topic

PAGE_SIZE = 20
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
    """Return the topic for questions from `url`: by the longest path, then by the section, then Uncategorized."""
    path, section = unquote(urlsplit(url).path) or "/", section.strip()
    rules = DocsRule.objects.select_related("topic__group")
    rule = max(rules.filter(prefix__in=_beginnings(path)), key=lambda one: len(one.prefix), default=None)
    if rule is not None:
        return Place(rule.topic, rule.listed, _("The path begins with %(prefix)s.") % {"prefix": rule.prefix}, rule)
    rule = rules.filter(prefix="", section__iexact=section).first() if section else None
    if rule is not None:
        return Place(rule.topic, rule.listed, _("No path fits; the section is %(section)s.") % {"section": rule.section}, rule)
    return Place(_uncategorized(), True, _("No rule fits."))


def topic_for(given: str) -> str:
    """Return the slug of the topic that questions from a page go to, or nothing when that is no page of an allowed site."""
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
    public = Thread.objects.filter(docs_page=url, archived_at=None, hidden_at=None, deleted_at=None, merged_into=None)
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
    """Return page `page` of what was asked on `url`, with solutions and authors: two queries."""
    threads = threads_of(url)
    total = threads.order_by()[:MOST].count()
    page = min(max(1, page), max(1, -(-total // PAGE_SIZE)))
    first = (page - 1) * PAGE_SIZE
    found = threads.select_related("author__team", "solution__author__team", "topic")[first : min(first + PAGE_SIZE, MOST)]
    return PageQuestions(list(found), total, page)
