"""Images for posts."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.parsers import BoundedMultiPartParser
from community.api.views import ApiView
from forums.actions.uploads import save_upload
from forums.api.serializers import UploadFormSerializer, UploadSerializer
from profiles.api.idempotency import idempotent
from profiles.api.serializers import absolute

ALT_CHARACTERS = 80


class Uploads(ApiView):
    tag = "uploads"
    parser_classes = (BoundedMultiPartParser,)

    @extend_schema(request={"multipart/form-data": UploadFormSerializer}, responses={201: UploadSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Upload an image for a post.

        An image that no post uses is deleted after two days.
        """
        file: Any = self.read(UploadFormSerializer)["file"]
        upload = save_upload(self.viewer, file)
        shown = {
            "id": upload.pk,
            "url": absolute(upload.url),
            "width": upload.width,
            "height": upload.height,
            "markdown": f"![{_alt(file.name)}]({upload.url})",
        }
        return Response(shown, status=201)


def _alt(name: str) -> str:
    """Return the words of a file's name as the image's alternative text."""
    return " ".join(re.sub(r"[^\w.,'’-]+", " ", PurePath(name).stem.replace("_", " ")).split())[
        :ALT_CHARACTERS
    ]
