"""Drafts of the viewer."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import SignedIn
from community.api.schema import lists
from community.api.views import ApiView
from forums.actions.drafts import discard_draft, save_draft
from forums.api.serializers import DraftFormSerializer, DraftSerializer
from forums.models import Draft, Thread


class DraftList(ApiView):
    tag = "drafts"
    permission_classes = (SignedIn,)

    @lists(DraftSerializer)
    def get(self, request: Request) -> Response:
        """List your drafts, newest first."""
        drafts = Draft.objects.filter(profile=self.viewer).order_by("-updated_at", "-id")
        return self.paged(drafts, lambda rows: DraftSerializer(rows, many=True).data)


class DraftItem(ApiView):
    tag = "drafts"
    permission_classes = (SignedIn,)

    @extend_schema(responses=DraftSerializer)
    def get(self, request: Request, key: str) -> Response:
        """Read a draft."""
        return Response(DraftSerializer(get_object_or_404(Draft, profile=self.viewer, key=key)).data)

    @extend_schema(
        request=DraftFormSerializer,
        responses={
            200: DraftSerializer,
            204: OpenApiResponse(description="The draft was empty, so it was discarded."),
        },
    )
    def put(self, request: Request, key: str) -> Response:
        """Save a draft; an empty one is discarded."""
        if key.startswith("thread:"):
            get_object_or_404(Thread.objects.visible_to(self.viewer), pk=int(key.removeprefix("thread:")))
        asked = self.read(DraftFormSerializer)
        asked["tags"] = " ".join(asked["tags"])
        draft = save_draft(self.viewer, key, topic_slug=asked.pop("topic"), **asked)
        return Response(DraftSerializer(draft).data) if draft else Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, key: str) -> Response:
        """Discard a draft."""
        discard_draft(self.viewer, key)
        return Response(status=204)
