"""POSTs that may be sent twice: the first answer is kept for a day, under the sender's key, and given again.

The record and what the request does are written in one transaction, so after a crash there are both or
neither. A second request with the same key waits on the record's unique index until the first is done, for
some seconds. Answers are kept sealed: one may hold a reward's code.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.permissions import viewer_of
from community.api.refusals import BadRequest
from community.lib.database.errors import LOCK_NOT_AVAILABLE, sqlstate
from community.lib.errors import Conflict
from community.lib.sealed import seal, unseal
from profiles.models import IdempotencyRecord

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}")
LIFE = timedelta(days=1)
WAIT_SECONDS = 10

View = Callable[..., Response]


def idempotent(create: View) -> View:
    """Let a creating POST take an Idempotency-Key. Refusals are not kept: they changed nothing."""

    @wraps(create)
    def post(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return create(self, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            raise BadRequest(
                _("An Idempotency-Key is 1 to 255 visible ASCII characters."), code="invalid_idempotency_key"
            )
        route, digest = f"{request.method} {request.path}"[:200], body_digest(request)
        with transaction.atomic():
            record = _claim(viewer_of(request).pk, key, route, digest)
            if record.status is not None:
                answer = json.loads(unseal(record.answer))
                return Response(answer, status=record.status, headers={"Idempotent-Replayed": "true"})
            response = create(self, request, *args, **kwargs)
            record.status, record.answer = (
                response.status_code,
                seal(JSONRenderer().render(response.data).decode()),
            )
            record.save(update_fields=["status", "answer"])
        return response

    post.idempotent = True  # type: ignore[attr-defined]
    return post


def forget_old_answers() -> int:
    """Delete answers older than a day. Returns how many; safe to run twice."""
    return IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - LIFE).delete()[0]


def body_digest(request: Request) -> str:
    """Return a digest of what the request says: the parsed JSON, or the form with its files."""
    found = hashlib.sha256()
    for name, value in sorted(request.data.items()):
        found.update(f"\n{name}=".encode())
        if isinstance(value, UploadedFile):
            for chunk in value.chunks():
                found.update(chunk)
            value.seek(0)
        else:
            found.update(json.dumps(value, sort_keys=True).encode())
    return found.hexdigest()


def _claim(profile_id: int, key: str, route: str, digest: str) -> IdempotencyRecord:
    records = IdempotencyRecord.objects.filter(profile_id=profile_id, key=key)
    records.filter(created_at__lt=timezone.now() - LIFE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
        try:
            record, made = records.get_or_create(
                profile_id=profile_id, key=key, defaults={"route": route, "body_digest": digest}
            )
        except OperationalError as error:
            if sqlstate(error) != LOCK_NOT_AVAILABLE:
                raise
            raise Conflict(
                _("The first request with this key is still in progress. Try again."),
                code="idempotency_in_progress",
            ) from error
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    if not made and (record.route, record.body_digest) != (route, digest):
        raise Conflict(
            _("This Idempotency-Key was used for a different request. Use a new one."),
            code="idempotency_key_reused",
        )
    return record
