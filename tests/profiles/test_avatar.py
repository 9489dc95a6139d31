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
    "data",
    [b"", b"<svg onload=alert(1)>", b"GIF89a" + b"\x00" * 50, b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"hello"],
)
def test_what_is_no_picture_is_refused_beside_the_field(alice, as_, data):
    answer = as_(alice).post(
        "/settings/profile/picture/", {"file": SimpleUploadedFile("me.png", data, "image/png")}
    )
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


@pytest.mark.parametrize(
    "made",
    [
        lambda: picture(1, 1), lambda: picture(5, 4000), lambda: picture(kind="GIF"), lambda: picture(kind="WEBP"),
        lambda: picture(kind="AVIF"), lambda: picture(900, 30, kind="JPEG"),
    ],
)  # fmt: skip
def test_every_kind_and_shape_becomes_a_square_twice_the_size_it_is_shown_at(alice, made):
    name = set_avatar(alice, alice, made()).avatar
    with default_storage.open(name) as stored, Image.open(stored) as drawn:
        assert (drawn.format, drawn.size) == ("WEBP", (192, 192))


def test_what_is_transparent_stays_transparent_and_the_middle_is_kept(alice):
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (200, 0, 400, 100))
    out = io.BytesIO()
    image.save(out, "PNG")
    name = set_avatar(alice, alice, SimpleUploadedFile("me.png", out.getvalue())).avatar
    with default_storage.open(name) as stored, Image.open(stored) as drawn:
        assert drawn.mode == "RGBA" and drawn.getpixel((96, 190))[3] == 0
        red = drawn.getpixel((96, 20))
        assert red[0] > 240 and red[3] == 255


def test_a_photo_of_forty_megapixels_becomes_a_small_square(alice):
    name = set_avatar(alice, alice, picture(8000, 5000, kind="JPEG")).avatar
    assert default_storage.size(name) < 40_000
    with default_storage.open(name) as stored, Image.open(stored) as drawn:
        assert drawn.size == (192, 192)


@pytest.mark.parametrize(
    "made",
    [lambda: picture(8001, 5001, kind="JPEG"), lambda: picture(20_001, 10), lambda: picture(6000, 5000)],
)
def test_more_than_that_is_refused_with_its_size(alice, as_, made):
    answer = as_(alice).post("/settings/profile/picture/", {"file": made()})
    assert answer.status_code == 400 and "pixels" in answer.context["avatar_form"].errors["file"][0]


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 2_000)).save(out, "PNG")
    return out.getvalue()


HOSTILE = {
    "cut short": lambda: picture().read()[:300],
    "garbage behind the signature": lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 400,
    "a bomb": _bomb,
    "a page that calls itself a picture": lambda: b"GIF89a<script>alert(1)</script>" + b"\x00" * 50,
    "a page behind a picture's name": lambda: b"<html><body>hello</body></html>",
    "a cut JPEG": lambda: picture(kind="JPEG").read()[:200],
    "a film": lambda: b"\x00\x00\x00\x18ftypisom" + b"\x00" * 100,
    "a photo browsers cannot show": lambda: b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_bytes_are_refused_and_nothing_is_stored(alice, as_, what):
    file = SimpleUploadedFile("me.png", HOSTILE[what](), "image/png")
    answer = as_(alice).post("/settings/profile/picture/", {"file": file})
    assert answer.status_code == 400 and answer.context["avatar_form"].errors["file"]
    alice.refresh_from_db()
    assert alice.avatar == ""


def test_what_hides_behind_the_pixels_is_not_kept(alice):
    polyglot = picture(300, 300).read() + b"<script>alert(1)</script>PK\x03\x04"
    name = set_avatar(alice, alice, SimpleUploadedFile("me.png", polyglot)).avatar
    with default_storage.open(name) as stored:
        kept = stored.read()
    assert b"script" not in kept and b"PK\x03\x04" not in kept


def test_a_file_over_the_limit_is_refused_with_both_sizes(alice, as_):
    file = SimpleUploadedFile("me.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * (11 * 1024 * 1024), "image/png")
    answer = as_(alice).post("/settings/profile/picture/", {"file": file})
    assert answer.status_code == 400 and "10 MB" in answer.context["avatar_form"].errors["file"][0]
