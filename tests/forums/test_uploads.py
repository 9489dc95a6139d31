"""Pictures from the editor: refused in words, whatever they hold, and nothing of a refused one is kept."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from community.lib import images
from forums.actions.uploads import save_upload
from forums.models import Thread, Upload
from forums.tasks import sweep_files
from profiles.actions.avatars import set_avatar
from profiles.models import Profile
from tests.full_disk import fill_table
from tests.lib.test_image_bounds import scan_bomb
from tests.lib.test_images import encode, halves

UPLOADS = "/questions/uploads/"
ORIGIN = {"origin": "http://testserver"}


def send(client: Client, data: bytes, url: str = UPLOADS, **headers: str):  # noqa: ANN201
    return client.post(url, {"file": SimpleUploadedFile("x.jpg", data)}, headers=ORIGIN | headers)


def test_a_guests_scan_bomb_is_refused_in_words(db: None, client: Client) -> None:
    answer = send(client, scan_bomb(5_000))
    assert answer.status_code == 400
    assert "too many layers" in answer.json()["detail"]
    assert Upload.objects.count() == 0


def test_an_image_is_put_off_while_every_helper_is_busy(
    db: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    images.pool.close()
    monkeypatch.setattr(images, "DEADLINE", 0.0)
    answer = send(client, encode(halves(), "JPEG"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert "Try again in a moment" in answer.content.decode()


# --- a full disk --------------------------------------------------------------------------------------
BIG = encode(halves(800, 600), "JPEG")


def fill_disk(settings: Any, folder: Path, *, room: int) -> Callable[[], list[Path]]:
    """Store files in `folder`, on a disk with `room` for so many bytes. Returns what lists the files there."""
    settings.MEDIA_ROOT = folder
    options = {"location": str(folder), "room": room}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "tests.full_disk.FullDisk", "OPTIONS": options}
    }
    return lambda: [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("room", [0, 100, None], ids=["nothing", "some bytes", "the picture, no thumbnail"])
def test_a_full_disk_is_said_and_keeps_nothing_of_the_image(
    settings: Any, tmp_path: Path, db: None, client: Client, room: int | None
) -> None:
    files = fill_disk(settings, tmp_path, room=len(images.prepare(BIG).data) + 1 if room is None else room)
    client.raise_request_exception = False
    answer = send(client, BIG, accept="application/json")
    assert answer.status_code == 507
    assert "out of disk space" in answer.json()["detail"]
    assert files() == []
    assert Upload.objects.count() == 0


def test_the_api_says_that_the_disk_is_full(settings: Any, tmp_path: Path, alice: Profile) -> None:
    files = fill_disk(settings, tmp_path, room=100)
    client = APIClient(raise_request_exception=False)
    client.force_login(alice.user, backend="profiles.backends.ProfileBackend")
    answer = client.post("/api/v1/uploads/", {"file": SimpleUploadedFile("x.jpg", BIG)}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
    assert files() == []


def test_no_part_of_an_avatar_is_kept_on_a_full_disk(settings: Any, tmp_path: Path, alice: Profile) -> None:
    files = fill_disk(settings, tmp_path, room=10)
    with pytest.raises(OSError, match="No space"):
        set_avatar(alice, alice, io.BytesIO(BIG))
    assert files() == []


@pytest.mark.parametrize("api", [False, True])
def test_a_reply_says_that_the_database_has_no_space(
    thread: Thread, bob: Profile, api: bool, as_owner: None
) -> None:
    client = APIClient(raise_request_exception=False) if api else Client(raise_request_exception=False)
    client.force_login(bob.user, backend="profiles.backends.ProfileBackend")
    fill_table("forums_post")
    url = f"/api/v1/threads/{thread.pk}/posts/" if api else f"/questions/{thread.slug}/reply/"
    answer = client.post(url, {"body": "Warm milk."})
    assert answer.status_code == 507
    assert "out of disk space" in answer.content.decode()


# --- files without a row ------------------------------------------------------------------------------
def test_old_files_without_a_row_are_swept(settings: Any, tmp_path: Path, bob: Profile) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = save_upload(bob, BIG)
    set_avatar(bob, bob, io.BytesIO(BIG))
    mine = {path for path in tmp_path.rglob("*") if path.is_file()}
    for name in (
        "uploads/half.png",
        "uploads/half-320.webp",
        "avatars/lost.webp",
        "crests/lost.webp",
        "exports/lost.zip",
    ):
        default_storage.save(name, ContentFile(b""))
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    default_storage.save("uploads/just-now.png", ContentFile(b"x"))
    assert sweep_files() == 4
    assert sweep_files() == 0
    left = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert left - mine == {tmp_path / "exports/lost.zip", tmp_path / "uploads/just-now.png"}
    assert kept.thumbnail_widths and mine <= left


# --- /media/ ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "uploads/../exports/secret.zip", "uploads/%2e%2e/exports/secret.zip", "uploads/..%2fexports/secret.zip",
        "uploads/x/..%2f..%2fexports/secret.zip", "uploads/..%5cexports/secret.zip", "exports/secret.zip",
        "uploads//exports/secret.zip", "uploads/./../exports/secret.zip", "avatars/%2e%2e%2fexports/secret.zip",
    ],
)  # fmt: skip
def test_media_serves_nothing_but_its_three_folders(client: Client, path: str, db: None) -> None:
    name = default_storage.save("exports/secret.zip", ContentFile(b"secret"))
    assert name == "exports/secret.zip"
    try:
        assert client.get(f"/media/{path}").status_code in (400, 404)
    finally:
        default_storage.delete(name)


def test_media_serves_pictures(client: Client, bob: Profile) -> None:
    picture = save_upload(bob, BIG)
    assert client.get(picture.url).status_code == 200
    assert client.get(picture.url.replace(".jpg", "-320.webp")).status_code == 200
