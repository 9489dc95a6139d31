"""Searching, and finding threads like a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.paging import CursorPaging
from community.api.schema import lists
from community.api.views import ApiView
from community.lib import ratelimit
from community.lib.clients import client_key
from forums.actions.searches import count_miss
from forums.models import Topic
from forums.models.thread import State
from forums.queries import search_names
from forums.queries.search import Asked, Hit, find_posts, find_threads, hits_of
from forums.queries.similar import SHOWN, Similar, similar
from forums.words import QUERY_CHARACTERS
from profiles.api.serializers import AUTHOR, AuthorSerializer, absolute
from profiles.models import Profile

KINDS = ("thread", "post", "profile", "tag")
NAMES = 40
ORDER = ["-score", "-id"]
URL = {"type": "string", "format": "uri"}
HIT = {
    "type": "thread", "id": 12, "title": "Kettle does not boil", "title_html": "<mark>Kettle</mark> does not boil",
    "url": "https://community.example.com/questions/kettle-does-not-boil/", "excerpt": "I pressed the <mark>button</mark>.",
    "score": 1.43, "thread": 12, "topic": "kettles", "tags": ["heating"], "author": AUTHOR, "solved": True,
    "created_at": "2026-11-20T09:12:00Z",
}  # fmt: skip
SIMILAR = {
    "id": 12, "subject": "Kettle does not boil", "url": "https://community.example.com/questions/kettle-does-not-boil/",
    "reply_count": 1, "solution": 98, "solution_excerpt": "Switch it on.", "solved": True,
    "score": 8.1,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One result, whatever it is."""

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
        required=False, default="", allow_blank=True, help_text="Words; 200 characters of them count."
    )
    type = serializers.ChoiceField(required=False, choices=KINDS, default="thread")
    topic = serializers.CharField(required=False, max_length=80, help_text="A topic's slug.")
    author = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="A profile's id."
    )
    state = serializers.ChoiceField(required=False, choices=State.choices)
    after = serializers.DateTimeField(required=False, help_text="Written then or later.")
    before = serializers.DateTimeField(required=False, help_text="Written earlier.")


@extend_schema_serializer(examples=[OpenApiExample("hit", value=HIT)])
class LineSerializer(serializers.Serializer[Any]):
    """A result: of a profile or a tag only name and address."""

    type = serializers.ChoiceField(choices=KINDS)
    id = serializers.IntegerField(help_text="Of the thread, post, profile or tag.")
    title = serializers.CharField()
    title_html = serializers.CharField(help_text="Escaped, with <mark> around what was looked for.")
    url = serializers.SerializerMethodField()
    excerpt = serializers.CharField(help_text="Escaped, with <mark> around what was looked for.")
    score = serializers.FloatField(help_text="Orders the results of one search and means nothing else.")
    thread = serializers.IntegerField(allow_null=True)
    topic = serializers.CharField(allow_null=True)
    tags = serializers.ListField(child=serializers.CharField())
    author = AuthorSerializer(allow_null=True)
    solved = serializers.BooleanField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(URL)
    def get_url(self, line: Line) -> str:
        return absolute(line.path)


class SimilarQuerySerializer(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="The subject of a question."
    )
    body = serializers.CharField(required=False, default="", allow_blank=True, help_text="Its text.")
    tags = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Its tags, with commas between them."
    )


@extend_schema_serializer(examples=[OpenApiExample("similar", value=SIMILAR)])
class SimilarSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    subject = serializers.CharField()
    url = serializers.SerializerMethodField()
    reply_count = serializers.IntegerField()
    solution = serializers.IntegerField(source="solution_id", allow_null=True)
    solution_excerpt = serializers.CharField(source="excerpt")
    solved = serializers.BooleanField(
        source="is_solved", help_text="Whether it can have solved the question: it has a solution."
    )
    score = serializers.FloatField(help_text="Orders one answer's threads and means nothing else.")

    @extend_schema_field(URL)
    def get_url(self, one: Similar) -> str:
        return absolute(one.url)


class SearchList(ApiView):
    tag = "search"

    @lists(LineSerializer, parameters=[SearchQuerySerializer])
    def get(self, request: Request) -> Response:
        """Search threads, posts, people or tags.

        Best first, a hundred at most. Words that nobody wrote are mended; when nothing holds every word, what holds some is
        answered.
        """
        asked = self.query(SearchQuerySerializer)
        lines = self._names(asked) if asked["type"] in ("profile", "tag") else None
        paging = CursorPaging()
        if lines is not None:
            rows = paging.paginate_ranked(lines, ORDER, request)
            return paging.get_paginated_response(LineSerializer(rows, many=True).data)
        return self._hits(request, paging, asked)

    def _hits(self, request: Request, paging: CursorPaging, asked: dict[str, Any]) -> Response:
        wanted = Asked(
            asked["q"][:QUERY_CHARACTERS], topic_id=_topic_id(asked.get("topic")), author_id=asked.get("author"),
            state=asked.get("state", ""), after=asked.get("after"), before=asked.get("before"),
        )  # fmt: skip
        posts = asked["type"] == "post"
        found = find_posts(wanted) if posts else find_threads(wanted)
        places = [
            _Place(score, post if posts else thread, thread, post) for score, thread, post in found.ranked
        ]
        if not (places or wanted.is_filtered):
            count_miss(wanted.text, by=client_key(request._request))
        page = paging.paginate_ranked(places, ORDER, request)
        hits = hits_of(found, [(one.score, one.thread, one.post) for one in page])
        return paging.get_paginated_response(LineSerializer(_lines(hits, posts=posts), many=True).data)

    def _names(self, asked: dict[str, Any]) -> list[Line]:
        text = asked["q"][:QUERY_CHARACTERS]
        rows: Sequence[Any]
        if asked["type"] == "tag":
            rows = search_names.tags(text, limit=NAMES)
            return [
                Line(
                    "tag", one.pk, one.name, one.name, f"/questions/?tag={one.name}", float(len(rows) - place)
                )
                for place, one in enumerate(rows)
            ]
        rows = search_names.people(text, limit=NAMES)
        return [
            Line(
                "profile",
                one.pk,
                one.name,
                escape(one.name),
                one.get_absolute_url(),
                float(len(rows) - place),
                author=one,
            )
            for place, one in enumerate(rows)
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


@dataclass(frozen=True)
class _Place:
    score: float
    id: int
    thread: int
    post: int


def _lines(hits: Sequence[Hit], *, posts: bool) -> list[Line]:
    ids = {hit.post_author_id if posts else hit.author_id for hit in hits}
    authors = {one.pk: one for one in Profile.objects.filter(pk__in=ids).select_related("team")}
    return [
        Line(
            type="post" if posts else "thread", id=(hit.post_id or 0) if posts else hit.id, title=hit.subject,
            title_html=hit.title, path=hit.url, score=hit.score, excerpt=hit.excerpt, thread=hit.id, topic=hit.topic_slug,
            tags=hit.tag_names, author=authors.get((hit.post_author_id if posts else hit.author_id) or 0),
            solved=hit.solution_id is not None, created_at=hit.post_created_at if posts else hit.created_at,
        )
        for hit in hits
    ]  # fmt: skip


def _topic_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = Topic.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError({"topic": _("There is no such topic.")})
    return int(found)
