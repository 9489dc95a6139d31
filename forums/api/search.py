"""Searching, and finding threads like a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.html import escape
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.fields import IdField, SiteUrl
from community.api.paging import CursorPaging
from community.api.schema import lists
from community.api.views import ApiView
from community.lib import ratelimit
from community.lib.clients import client_key
from forums.actions.searches import count_miss
from forums.api.threads import find_topic
from forums.models.thread import State
from forums.queries import search_names
from forums.queries.search import SearchHit, SearchQuery, find_posts, find_threads, hits_of
from forums.queries.similar import SHOWN, similar
from forums.words import QUERY_CHARACTERS
from profiles.api.serializers import AuthorSerializer
from profiles.models import Profile

KINDS = ("thread", "post", "profile", "tag")
NAMES = 40
ORDER = ["-score", "-id"]


class Place(NamedTuple):
    """A thread or post that was found, by its ids."""

    score: float
    id: int
    thread: int
    post: int


@dataclass(frozen=True)
class SearchResult:
    """A thread, post, profile or tag that was found."""

    type: str
    id: int
    title: str
    title_html: str
    path: str
    score: float
    excerpt: str = ""
    thread: int | None = None
    topic: str | None = None
    tags: Sequence[str] = ()
    author: Profile | None = None
    solved: bool | None = None
    created_at: datetime | None = None


class SearchQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="The search words; the first 200 characters count.",
    )
    type = serializers.ChoiceField(required=False, choices=KINDS, default="thread")
    topic = serializers.CharField(required=False, max_length=80, help_text="Slug of a topic.")
    author = IdField(required=False, help_text="Id of a profile.")
    state = serializers.ChoiceField(required=False, choices=State.choices)
    after = serializers.DateTimeField(required=False, help_text="Posted at this time or later.")
    before = serializers.DateTimeField(required=False, help_text="Posted before this time.")


@extend_schema_serializer(component_name="Line")
class SearchResultSerializer(serializers.Serializer[Any]):
    """A result. A profile or tag has a name and URL only."""

    type = serializers.ChoiceField(choices=KINDS)
    id = serializers.IntegerField(help_text="Id of the thread, post, profile or tag.")
    title = serializers.CharField()
    title_html = serializers.CharField(help_text="Escaped HTML with <mark> around the matches.")
    url = SiteUrl("path")
    excerpt = serializers.CharField(help_text="Escaped HTML with <mark> around the matches.")
    score = serializers.FloatField(
        help_text="Orders the results of one search; not comparable between searches."
    )
    thread = serializers.IntegerField(allow_null=True)
    topic = serializers.CharField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    author = AuthorSerializer(allow_null=True)
    solved = serializers.BooleanField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)


class SimilarQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Subject of the question."
    )
    body = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Body of the question."
    )
    tags = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Tags, separated by commas."
    )


class SimilarSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    url = SiteUrl(None)
    reply_count = serializers.IntegerField()
    solution = serializers.IntegerField(source="solution_id", allow_null=True)
    solution_excerpt = serializers.CharField(source="excerpt")
    solved = serializers.BooleanField(source="is_solved", help_text="Whether the thread has a solution.")
    score = serializers.FloatField(help_text="Orders these threads; not comparable between requests.")


class SearchList(ApiView):
    tag = "search"

    @lists(SearchResultSerializer, parameters=[SearchQuerySerializer])
    def get(self, request: Request) -> Response:
        """Search threads, posts, people or tags.

        Returns up to a hundred results, best first. Misspelt words are corrected. If nothing has all words,
        results with some of them are returned.
        """
        asked = self.query(SearchQuerySerializer)
        paging = CursorPaging()
        if asked["type"] not in ("profile", "tag"):
            return self._hits(request, paging, asked)
        rows = paging.paginate_ranked(self._names(asked["type"], asked["q"]), ORDER, request)
        return paging.get_paginated_response(SearchResultSerializer(rows, many=True).data)

    def _hits(self, request: Request, paging: CursorPaging, asked: dict[str, Any]) -> Response:
        wanted = SearchQuery(
            asked["q"][:QUERY_CHARACTERS],
            topic_id=find_topic(asked["topic"]).pk if "topic" in asked else None,
            author_id=asked.get("author"),
            state=asked.get("state", ""),
            after=asked.get("after"),
            before=asked.get("before"),
        )
        posts = asked["type"] == "post"
        found = find_posts(wanted) if posts else find_threads(wanted)
        places = [
            Place(score, post if posts else thread, thread, post) for score, thread, post in found.ranked
        ]
        if not (places or wanted.is_filtered):
            count_miss(wanted.text, by=client_key(request._request))
        page = paging.paginate_ranked(places, ORDER, request)
        hits = hits_of(found, [(one.score, one.thread, one.post) for one in page])
        return paging.get_paginated_response(
            SearchResultSerializer(_lines(hits, posts=posts), many=True).data
        )

    def _names(self, kind: str, text: str) -> list[SearchResult]:
        find = search_names.tags if kind == "tag" else search_names.people
        rows: Sequence[Any] = find(text[:QUERY_CHARACTERS], limit=NAMES)
        return [
            SearchResult(
                kind,
                row.pk,
                row.name,
                escape(row.name),
                f"/questions/?tag={row.name}" if kind == "tag" else row.get_absolute_url(),
                float(len(rows) - place),
                author=None if kind == "tag" else row,
            )
            for place, row in enumerate(rows)
        ]


class SimilarThreads(ApiView):
    tag = "search"

    @extend_schema(parameters=[SimilarQuerySerializer], responses=SimilarSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Find threads that may already answer a question: at most eight, best first."""
        ratelimit.check("similar", client_key(request._request), limit=120, seconds=60)
        asked = self.query(SimilarQuerySerializer)
        tags = [word for word in asked["tags"].replace(",", " ").split() if word][:5]
        found = similar(asked["q"][:QUERY_CHARACTERS], asked["body"], tags, limit=SHOWN)
        return Response(SimilarSerializer(found, many=True).data)


def _lines(hits: Sequence[SearchHit], *, posts: bool) -> list[SearchResult]:
    ids = {hit.post_author_id if posts else hit.author_id for hit in hits}
    authors = {one.pk: one for one in Profile.objects.filter(pk__in=ids).select_related("team")}
    return [
        SearchResult(
            type="post" if posts else "thread",
            id=(hit.post_id or 0) if posts else hit.id,
            title=hit.subject,
            title_html=hit.title,
            path=hit.url,
            score=hit.score,
            excerpt=hit.excerpt,
            thread=hit.id,
            topic=hit.topic_slug,
            tags=hit.tag_names,
            author=authors.get((hit.post_author_id if posts else hit.author_id) or 0),
            solved=hit.solution_id is not None,
            created_at=hit.post_created_at if posts else hit.created_at,
        )
        for hit in hits
    ]
