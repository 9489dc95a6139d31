"""Pictures: decided by their bytes, re-encoded, under random names, within a quota."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import BinaryIO

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from community.lib import images
from forums import permissions
from forums.actions.drafts import digest
from forums.models import Upload
from profiles.models import Profile

MEMBER_QUOTA_BYTES = 200 * 1024 * 1024
GUEST_QUOTA_BYTES = 20 * 1024 * 1024
ORPHAN_LIFE = timedelta(days=2)


def save_upload(owner: Profile | None, file: BinaryIO, *, guest_token: str = "") -> Upload:
    """Store a picture and its thumbnails. A guest's waits under the digest of their token.

    Raises ValidationError({"file": sentence}) for what is not a picture we take, PermissionDenied over the quota.
    """
    if owner is not None:
        permissions.require_writer(owner)
    elif not guest_token:
        raise PermissionDenied(_("Sign in to add images."))
    mine = {"owner": owner} if owner else {"owner": None, "guest_digest": digest(guest_token)}
    used = Upload.objects.filter(**mine).aggregate(used=Sum("size"))["used"] or 0
    if used >= (MEMBER_QUOTA_BYTES if owner else GUEST_QUOTA_BYTES):
        raise PermissionDenied(_("Your space for images is used up. Remove old ones, or ask the team for more."))
    try:
        picture = images.prepare(file, guest=owner is None)
    except images.ImageRefused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    stem = secrets.token_urlsafe(16)
    name = f"{stem}.{picture.extension}"
    default_storage.save(f"uploads/{name}", ContentFile(picture.data))
    for width, data in picture.thumbnails.items():
        default_storage.save(f"uploads/{stem}-{width}.webp", ContentFile(data))
    return Upload.objects.create(
        name=name,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.data) + sum(len(data) for data in picture.thumbnails.values()),
        sha256=picture.sha256,
        thumbnail_widths=sorted(picture.thumbnails),
        **mine,
    )


def sweep_orphans() -> int:
    """Delete pictures that no post shows after two days. Returns how many; safe to run twice."""
    orphans = Upload.objects.filter(posts=None, created_at__lt=timezone.now() - ORPHAN_LIFE)
    count = 0
    for upload in orphans.iterator(chunk_size=200):
        remove_files(upload)
        upload.delete()
        count += 1
    return count


def remove_files(upload: Upload) -> None:
    """Delete a picture's files; those already gone are no error."""
    stem = upload.name.rsplit(".", 1)[0]
    for name in (upload.name, *(f"{stem}-{width}.webp" for width in upload.thumbnail_widths)):
        default_storage.delete(f"uploads/{name}")
