"""What every API view shares, and the views that belong to no app: the schema, its page, and what is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from community.api import throttles
from community.api.docs import operations_by_tag
from community.api.permissions import viewer_of


class JSONAnyway(DefaultContentNegotiation):
    """What is asked for if we have it, else the first renderer: an error in JSON helps more than a 406."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except (NotAcceptable, Http404):
            first = next(iter(renderers))
            return first, first.media_type

    def filter_renderers(self, renderers: list[BaseRenderer], format: str) -> list[BaseRenderer]:  # noqa: A002
        return [renderer for renderer in renderers if renderer.format == format] or renderers


class ApiView(APIView):
    """A view of the API: knows its viewer, reads input through a serializer, answers a page at a time."""

    content_negotiation_class = JSONAnyway

    @property
    def viewer(self) -> Any:
        """The profile behind the session or key, or None."""
        return viewer_of(self.request)

    def read(self, serializer_class: type[BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
        """Return the checked shape of the request's body. Raises ValidationError with a sentence a field."""
        serializer = serializer_class(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def query(self, serializer_class: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """Return the checked query parameters; empty ones count as not given."""
        given = {name: value for name, value in self.request.query_params.items() if value}
        serializer = serializer_class(data=given)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def paged(self, queryset: Any, serialize: Callable[[list[Any]], Any]) -> Response:
        """Answer one page of `queryset`; `serialize` sees the page's rows at once, so it can fetch for all of them."""
        paging = self.settings.DEFAULT_PAGINATION_CLASS()
        rows = paging.paginate_queryset(queryset, self.request, view=self)
        return paging.get_paginated_response(serialize(rows))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.setdefault("Cache-Control", "private, no-cache")
        for name, value in throttles.headers(request).items():
            if value:
                answer[name] = value
        patch_vary_headers(answer, ["Authorization", "Cookie"])
        return answer


class NothingHere(ApiView):
    """Every address under /api/ that is not one."""

    permission_classes = ()
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404


class SchemaDocument(ApiView):
    """The OpenAPI 3.1 document, as JSON or (by Accept or ?format=yaml) as YAML."""

    permission_classes = ()
    renderer_classes = (JSONRenderer, OpenApiJsonRenderer, OpenApiYamlRenderer)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(document(get_language() or "en"), headers={"Cache-Control": "public, max-age=300"})


@cache
def document(language: str) -> dict[str, Any]:
    """Return the OpenAPI document. It takes a second to make and changes with the code only."""
    return SchemaGenerator(urlconf=None, api_version=None).get_schema(request=None, public=True)


@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """The schema as a page for people: no scripts, nothing from elsewhere."""
    spec = document(get_language() or "en")
    return render(
        request, "api/docs.html", {"spec": spec, "sections": operations_by_tag(spec), "area": "api"}
    )
