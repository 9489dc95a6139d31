"""The public questions of a docs page, for its scripts and its builds."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.refusals import BadRequest
from community.api.schema import lists
from community.api.views import ApiView
from forums.api.serializers import ThreadSerializer
from forums.docs import BadPage, allowed_page, is_allowed
from forums.queries.docs import moved_to, threads_of


class PageQuerySerializer(serializers.Serializer[Any]):
    docs_page = serializers.CharField(
        max_length=500, help_text="Full URL of the page; query and fragment are ignored."
    )


class EmbedThreadSerializer(ThreadSerializer):
    solution_html = serializers.CharField(
        source="solution.body_html", default="", read_only=True, help_text="Sanitised HTML, or empty."
    )
    solved_by = serializers.CharField(
        source="solution.author.name", default="", read_only=True, help_text="Name of its author, or empty."
    )


def page_from(url: str) -> str:
    """Return where the docs page at `url` is now. Raises BadRequest when questions may not be shown there."""
    try:
        return moved_to(allowed_page(url))
    except BadPage as refusal:
        raise BadRequest(str(refusal), code="bad_page") from refusal


class EmbedThreads(ApiView):
    """Read without credentials: by scripts of the allowed origins, and by builds."""

    tag = "embed"
    authentication_classes = ()

    @lists(EmbedThreadSerializer, parameters=[PageQuerySerializer])
    def get(self, request: Request) -> Response:
        """List the public questions of a docs page: pinned first, then solved."""
        page = page_from(self.query(PageQuerySerializer)["docs_page"])
        threads = threads_of(page).select_related("topic", "author__team", "solution__author")
        return self.paged(
            threads, lambda rows: EmbedThreadSerializer(rows, many=True, context={"request": request}).data
        )

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        origin = request.headers.get("Origin", "")
        if origin and is_allowed(origin):
            answer["Access-Control-Allow-Origin"] = origin
        patch_vary_headers(answer, ["Origin"])  # type: ignore[arg-type]
        # Archived threads leave the list at once, so no cache answers without revalidating.
        answer["Cache-Control"] = "no-cache"
        return answer
