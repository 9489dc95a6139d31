"""The picture beside a name: drawn anew, square, without what else was in the file."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from community.lib.errors import TooMany
from profiles.actions.avatars import CHANGES_PER_HOUR, set_avatar


def picture(width: int = 300, height: int = 200, kind: str = "PNG", **options: object) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(out, kind, **options)
    return SimpleUploadedFile(f"me.{kind.lower()}", out.getvalue(), f"image/{kind.lower()}")


def test_a_member_shows_a_picture_and_takes_it_away(alice, as_, django_capture_on_commit_callbacks):
    browser = as_(alice)
    assert browser.post("/settings/profile/picture/", {"file": picture()}).status_code == 302
    alice.refresh_from_db()
    stored = alice.avatar
    assert f'src="/media/{stored}"' in as_(None).get(alice.get_absolute_url()).content.decode()
    shown = as_(None).get(alice.avatar_url)
    assert shown["Content-Type"] == "image/webp" and shown["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (192, 192)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/settings/profile/picture/", {"remove": "1"})
    alice.refresh_from_db()
    assert alice.avatar == "" and not default_storage.exists(stored)


def test_a_new_picture_removes_the_old_file(alice, django_capture_on_commit_callbacks):
    first = set_avatar(alice, alice, picture()).avatar
    with django_capture_on_commit_callbacks(execute=True):
        second = set_avatar(alice, alice, picture(50, 50)).avatar
    assert default_storage.exists(second) and not default_storage.exists(first)


def test_what_a_phone_wrote_into_the_picture_is_gone(alice):
    exif = Image.Exif()
    exif[0x010E] = "taken at home, 52.1 N 5.1 E"
    name = set_avatar(alice, alice, picture(kind="JPEG", exif=exif)).avatar
    with default_storage.open(name) as stored:
        assert b"taken at home" not in stored.read()


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\x00" * 50, b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"hello"]
)
def test_what_is_no_picture_is_refused_beside_the_field(alice, as_, data):
    answer = as_(alice).post("/settings/profile/picture/", {"file": SimpleUploadedFile("me.png", data, "image/png")})
    assert answer.status_code == 400 and answer.context["avatar_form"].errors["file"]
    alice.refresh_from_db()
    assert alice.avatar == ""


def test_nothing_chosen_is_a_sentence(alice, as_):
    assert as_(alice).post("/settings/profile/picture/").status_code == 400


def test_only_ones_own_and_not_all_day(alice, bob):
    with pytest.raises(PermissionDenied):
        set_avatar(bob, alice, picture())
    for _time in range(CHANGES_PER_HOUR):
        set_avatar(alice, alice, picture(10, 10))
    with pytest.raises(TooMany):
        set_avatar(alice, alice, picture(10, 10))
