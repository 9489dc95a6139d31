"""Pictures: decided by their bytes, re-encoded, under random names, within a quota."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from typing import BinaryIO

from django.conf import settings
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
from points.models import Reward
from profiles.models import Profile, Team

MEMBER_QUOTA_BYTES = 200 * 1024 * 1024
GUEST_QUOTA_BYTES = 20 * 1024 * 1024
ORPHAN_LIFE = timedelta(days=2)
FILES_AT_ONCE = 500
_THUMBNAIL = re.compile(r"-\d+\Z")


def save_upload(owner: Profile | None, file: BinaryIO, *, guest_token: str = "") -> Upload:
    """Store a picture and its thumbnails. A guest's waits under the digest of their token.

    Raises ValidationError({"file": sentence}) for what is not a picture we take, PermissionDenied over the
    quota.
    """
    if owner is not None:
        permissions.require_writer(owner)
    elif not guest_token:
        raise PermissionDenied(_("Sign in to add images."))
    mine = {"owner": owner} if owner else {"owner": None, "guest_digest": digest(guest_token)}
    used = Upload.objects.filter(**mine).aggregate(used=Sum("size"))["used"] or 0
    if used >= (MEMBER_QUOTA_BYTES if owner else GUEST_QUOTA_BYTES):
        raise PermissionDenied(
            _("Your image storage is full. Delete old images, or ask the team for more space.")
        )
    try:
        picture = images.prepare(file, guest=owner is None)
    except images.ImageRefused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    stem = secrets.token_urlsafe(16)
    name = f"{stem}.{picture.extension}"
    upload = Upload(
        name=name,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.data) + sum(len(data) for data in picture.thumbnails.values()),
        sha256=picture.sha256,
        thumbnail_widths=sorted(picture.thumbnails),
        **mine,
    )
    files = {name: picture.data} | {
        f"{stem}-{width}.webp": data for width, data in picture.thumbnails.items()
    }
    try:
        for file_name, data in files.items():
            default_storage.save(f"uploads/{file_name}", ContentFile(data))
        upload.save()
    except BaseException:  # a full disk leaves neither half a picture nor one without a row
        with suppress(OSError):
            remove_files(upload)
        raise
    return upload


def sweep_orphans() -> int:
    """Delete pictures that no post shows after two days. Returns how many; safe to run twice."""
    orphans = Upload.objects.filter(posts=None, created_at__lt=timezone.now() - ORPHAN_LIFE)
    count = 0
    for upload in orphans.iterator(chunk_size=200):
        remove_files(upload)
        upload.delete()
        count += 1
    return count


def sweep_files() -> int:
    """Delete stored pictures older than two days that no row names. Returns how many; safe to run twice.

    Only in a folder of this machine: listing an S3-compatible store would cost more than the files.
    """
    if settings.STORAGE_URL:
        return 0
    count = 0
    for folder, named in (
        ("uploads", _named_uploads),
        ("avatars", _named_avatars),
        ("crests", _named_crests),
    ):
        for names in _batches(_old_files(folder)):
            for name in names - named(names):
                default_storage.delete(name)
                count += 1
    return count


def _old_files(folder: str) -> Iterator[str]:
    path = settings.MEDIA_ROOT / folder
    if not path.is_dir():
        return
    before = (timezone.now() - ORPHAN_LIFE).timestamp()
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < before:
                yield f"{folder}/{entry.name}"


def _batches(names: Iterator[str]) -> Iterator[set[str]]:
    while batch := set(islice(names, FILES_AT_ONCE)):
        yield batch


def _named_uploads(names: set[str]) -> set[str]:
    """Return those of `names` that a row names: pictures, their thumbnails, pictures of rewards."""
    stems = {name: _THUMBNAIL.sub("", name.partition("/")[2].rpartition(".")[0]) for name in names}
    files = [
        f"{stem}.{extension}" for stem in set(stems.values()) for extension in ("png", "jpg", "gif", "webp")
    ]
    kept = {
        name.rpartition(".")[0]
        for name in Upload.objects.filter(name__in=files).values_list("name", flat=True)
    }
    rewards = set(Reward.objects.filter(picture__in=names).values_list("picture", flat=True))
    return {name for name, stem in stems.items() if stem in kept} | rewards


def _named_avatars(names: set[str]) -> set[str]:
    return set(Profile.objects.filter(avatar__in=names).values_list("avatar", flat=True))


def _named_crests(names: set[str]) -> set[str]:
    return set(Team.objects.filter(crest__in=names).values_list("crest", flat=True))


def remove_files(upload: Upload) -> None:
    """Delete a picture's files; those already gone are no error."""
    stem = upload.name.rsplit(".", 1)[0]
    for name in (upload.name, *(f"{stem}-{width}.webp" for width in upload.thumbnail_widths)):
        default_storage.delete(f"uploads/{name}")
