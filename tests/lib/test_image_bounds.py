"""Pictures made to take seconds or gigabytes: drawn or refused in words, and the next one is drawn."""

from __future__ import annotations

import struct
import threading

import pytest
from PIL import Image

from community.lib import images
from community.lib.errors import TooMany
from community.lib.helper_pool import HelperPool
from community.lib.images import ImageRefused, prepare, square_avatar
from community.lib.images_draw import count_scans
from tests.lib.test_images import encode, halves


def scan_bomb(scans: int, side: int = 1_000) -> bytes:
    """A small progressive JPEG that makes the decoder walk over all its pixels again and again."""
    plain = encode(Image.new("L", (side, side), 90), "JPEG", progressive=True)
    start = plain.rindex(b"\xff\xda")
    return plain[:start] + plain[start:-2] * scans + plain[-2:]


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    bomb = scan_bomb(5_000)
    assert len(bomb) < 200_000
    for accept in (prepare, square_avatar):
        with pytest.raises(ImageRefused, match="too many layers"):
            accept(bomb)


def test_scans_are_counted_where_the_decoder_finds_them() -> None:
    photo = encode(halves(900, 300), "JPEG", progressive=True)
    hidden = b"\xff\xe1" + struct.pack("!H", 2 + 400) + b"\xff\xda" * 200
    assert count_scans(encode(halves(), "JPEG")) == 1
    assert count_scans(photo) == count_scans(photo[:2] + hidden + photo[2:]) == 10
    assert prepare(photo[:2] + hidden + photo[2:]).width == 900
    assert count_scans(scan_bomb(50)) > 50


def test_a_picture_past_its_deadline_is_refused_and_the_next_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepare(encode(halves(), "PNG"))
    slow = encode(Image.new("RGB", (5_000, 5_000)), "WEBP", method=0)
    with monkeypatch.context() as patch, pytest.raises(ImageRefused, match="takes too long"):
        patch.setattr(images, "DEADLINE", 0.05)
        prepare(slow)
    assert prepare(encode(halves(), "PNG")).width == 60


def test_a_picture_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    small = HelperPool("community.lib.images_draw", size=1, memory=192 * 1024 * 1024)
    monkeypatch.setattr(images, "pool", small)
    with pytest.raises(ImageRefused, match="couldn’t be processed"):
        prepare(encode(Image.new("RGB", (4_900, 4_900)), "PNG"))
    assert prepare(encode(halves(), "PNG")).width == 60
    small.close()


def test_other_pictures_are_drawn_while_one_takes_long() -> None:
    small, slow = (
        encode(halves(), "PNG"),
        encode(Image.effect_noise((3_000, 2_000), 60).convert("RGB"), "PNG", compress_level=1),
    )
    prepare(small)
    done = threading.Event()

    def struggle() -> None:
        prepare(slow)
        done.set()

    thread = threading.Thread(target=struggle)
    thread.start()
    drawn = 0
    while not done.is_set():
        prepare(small)
        drawn += 1
    thread.join()
    assert drawn > 3


def test_whoever_finds_every_helper_at_work_is_told_when_to_try_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        images, "pool", HelperPool("community.lib.images_draw", size=1, memory=images.HELPER_MEMORY)
    )
    monkeypatch.setattr(images, "DEADLINE", 0.0)
    with pytest.raises(TooMany, match="Try again in a moment") as refused:
        prepare(encode(halves(), "PNG"))
    assert refused.value.retry_after > 0
