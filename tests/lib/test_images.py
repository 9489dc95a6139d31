"""Pictures are decided by their bytes and drawn anew; what is not sound or too big is refused in words."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from community.lib.images import ImageRefused, prepare, square_avatar


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def decode(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), (200, 0, 0))
    ImageDraw.Draw(image).rectangle((width // 2, 0, width, height), fill=(0, 0, 200))
    return image


def near(pixel: object, expected: tuple[int, ...]) -> bool:
    return all(abs(one - other) < 40 for one, other in zip(pixel, expected, strict=True))  # type: ignore[call-overload]


def png_with_header(width: int, height: int, depth: int = 8) -> bytes:
    """A PNG that claims a size and has hardly any data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    header = struct.pack("!IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "stored", "content_type", "extension"),
    [
        ("PNG", "PNG", "image/png", "png"),
        ("JPEG", "JPEG", "image/jpeg", "jpg"),
        ("WEBP", "WEBP", "image/webp", "webp"),
        ("GIF", "GIF", "image/gif", "gif"),
        ("AVIF", "WEBP", "image/webp", "webp"),
    ],
)
def test_the_five_formats_are_drawn_anew(kind: str, stored: str, content_type: str, extension: str) -> None:
    prepared = prepare(io.BytesIO(encode(halves(), kind)))
    assert (prepared.format, prepared.content_type, prepared.extension) == (stored, content_type, extension)
    assert (prepared.width, prepared.height, prepared.animated, prepared.thumbnails) == (60, 40, False, {})
    image = decode(prepared.data)
    assert image.format == stored
    assert near(image.convert("RGB").getpixel((10, 20)), (200, 0, 0)) and near(
        image.convert("RGB").getpixel((50, 20)), (0, 0, 200)
    )


def test_the_same_picture_gives_the_same_bytes() -> None:
    data = encode(halves(), "PNG")
    assert prepare(data).sha256 == prepare(data).sha256


def test_thumbnails_are_webp_and_never_larger_than_the_picture() -> None:
    prepared = prepare(encode(halves(900, 300), "JPEG"))
    assert {width: decode(data).size for width, data in prepared.thumbnails.items()} == {
        320: (320, 107),
        640: (640, 213),
    }
    assert all(decode(data).format == "WEBP" for data in prepared.thumbnails.values())


def test_a_thin_picture_has_thumbnails_too() -> None:
    assert decode(prepare(encode(Image.new("RGB", (2_000, 1)), "PNG")).thumbnails[320]).size == (320, 1)


def test_the_camera_s_orientation_is_applied_and_all_it_told_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif[0x010F] = "Secret camera"
    exif.get_ifd(0x8825)[1] = "N"
    prepared = prepare(
        encode(halves(), "JPEG", exif=exif, comment=b"Secret comment", xmp=b"<x>Secret place</x>", quality=95)
    )
    image = decode(prepared.data)
    assert (prepared.width, prepared.height) == image.size == (40, 60)
    assert near(image.getpixel((20, 10)), (200, 0, 0)) and near(image.getpixel((20, 50)), (0, 0, 200))
    assert dict(image.getexif()) == {}
    assert b"Secret" not in prepared.data


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "GIF"])
def test_no_format_keeps_metadata(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    options: dict[str, object] = {"exif": exif, "xmp": b"<x>Secret place</x>"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "Secret text")
        options = {"exif": exif, "pnginfo": text}
    if kind == "GIF":
        options = {"comment": b"Secret comment"}
    data = encode(halves(), kind, **options)
    assert b"Secret" in data
    prepared = prepare(data)
    assert b"Secret" not in prepared.data
    assert not {"exif", "xmp", "comment", "icc_profile"} & set(decode(prepared.data).info)


def test_wide_colours_are_kept_when_their_profile_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for icc in (profile, srgb, b"nonsense"):
        prepared = prepare(encode(halves(), "PNG", icc_profile=icc))
        assert "icc_profile" not in decode(prepared.data).info
        assert near(decode(prepared.data).getpixel((10, 20)), (200, 0, 0))


def test_what_is_hidden_behind_a_picture_is_cut_off() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        data = encode(halves(), kind) + b"<script>alert(1)</script>PK\x03\x04"
        assert b"<script>" not in prepare(data).data
    html_in_gif = encode(halves(), "GIF", comment=b"<html><script>alert(1)</script>")
    assert b"<script>" not in prepare(html_in_gif).data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>", "SVG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "video"),
        (b"<html><script>alert(1)</script>", "isn’t supported"),
        (b"GIF89", "isn’t supported"),
        (b"MZ\x90\x00" * 20, "isn’t supported"),
        (b"\xff\xd8\xff" + b"\x00" * 100, "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"RIFF\x00\x00\x00\x00WEBP<script>", "damaged"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00junk", "damaged"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, sentence: str) -> None:
    for accept in (prepare, square_avatar):
        with pytest.raises(ImageRefused, match=sentence):
            accept(data)


@pytest.mark.parametrize("kind", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "ICNS"])
def test_formats_off_the_list_are_refused_though_they_could_be_read(kind: str) -> None:
    with pytest.raises(ImageRefused, match="PNG, JPEG, WebP, GIF or AVIF"):
        prepare(encode(halves(64, 64), kind))


def test_a_name_means_nothing() -> None:
    file = io.BytesIO(encode(halves(), "JPEG"))
    file.name = "picture.png"
    assert prepare(file).extension == "jpg"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9])
def test_a_torn_off_picture_is_refused(kind: str, share: float) -> None:
    noise = Image.effect_noise((120, 90), 90).convert("RGB")
    data = encode(noise, kind)
    with pytest.raises(ImageRefused):
        prepare(data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_flipped_bytes_are_a_picture_or_a_refusal(kind: str) -> None:
    data = bytearray(encode(Image.effect_noise((40, 30), 90).convert("RGB"), kind))
    for position in range(0, len(data), max(1, len(data) // 150)):
        broken = bytes(data[:position]) + bytes([data[position] ^ 0xFF]) + bytes(data[position + 1 :])
        try:
            prepared = prepare(broken)
        except ImageRefused as refused:
            assert str(refused)  # noqa: PT017 - both outcomes are right
        else:
            decode(prepared.data)


@pytest.mark.parametrize(
    ("width", "height"), [(65_500, 65_500), (50_000, 50_000), (6_400, 6_400), (20_001, 1), (2**31 - 1, 1)]
)
def test_a_picture_too_large_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    with pytest.raises(ImageRefused):
        prepare(png_with_header(width, height))


def test_a_refusal_says_how_large_the_picture_is() -> None:
    with pytest.raises(ImageRefused, match="7,000 × 7,000 pixels"):
        prepare(png_with_header(7_000, 7_000))


def test_a_file_too_large_is_refused_unread() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size >= 0
            self.taken += size
            return b"\xff" * size

    endless = Endless()
    with pytest.raises(ImageRefused, match="image of at most 10 MB"):
        prepare(endless)  # type: ignore[arg-type]
    assert endless.taken <= 10 * 1024 * 1024 + 1


def test_a_photo_with_a_second_view_is_a_photo() -> None:
    prepared = prepare(encode(halves(), "MPO", save_all=True, append_images=[Image.new("RGB", (30, 30))]))
    assert (prepared.extension, prepared.animated, prepared.width) == ("jpg", False, 60)


def test_an_animation_that_claims_a_million_frames_is_refused() -> None:
    frames = [Image.new("RGB", (8, 8), (step, 0, 0)) for step in range(3)]
    data = encode(frames[0], "PNG", save_all=True, append_images=frames[1:])
    start = data.index(b"acTL")
    control = b"acTL" + struct.pack("!II", 1_000_000, 0)
    with pytest.raises(ImageRefused):
        prepare(data[:start] + control + struct.pack("!I", zlib.crc32(control)) + data[start + 16 :])


def test_a_frame_larger_than_its_canvas_is_refused() -> None:
    data = bytearray(encode(Image.new("P", (4, 4)), "GIF"))
    frame = data.index(b",\x00\x00\x00\x00\x04\x00\x04\x00")
    data[frame + 5 : frame + 9] = struct.pack("<HH", 65_535, 65_535)
    with pytest.raises(ImageRefused):
        prepare(bytes(data))


def test_a_large_photo_is_stored_smaller() -> None:
    prepared = prepare(encode(Image.new("RGB", (7_300, 5_470), (10, 120, 30)), "JPEG", quality=50))
    assert 2_700 <= prepared.width <= 4_096
    assert sorted(prepared.thumbnails) == [320, 640, 1280]
    assert near(decode(prepared.data).getpixel((100, 100)), (10, 120, 30))


def test_sixteen_bits_keep_their_greys() -> None:
    deep = Image.new("I;16", (4, 1))
    for x, value in enumerate((0, 20_000, 40_000, 65_535)):
        deep.putpixel((x, 0), value)
    image = decode(prepare(encode(deep, "PNG")).data).convert("L")
    assert [image.getpixel((x, 0)) for x in range(4)] == [0, 77, 155, 255]


def test_cmyk_becomes_rgb() -> None:
    ink = Image.new("CMYK", (20, 20), (0, 255, 255, 0))
    image = decode(prepare(encode(ink, "JPEG", quality=95)).data)
    assert image.mode == "RGB"
    assert near(image.getpixel((10, 10)), (255, 0, 0))


def test_transparency_is_kept() -> None:
    palette = Image.new("P", (10, 10), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.putpixel((5, 5), 1)
    grey = Image.new("LA", (10, 10), (90, 0))
    for data in (
        encode(palette, "PNG", transparency=0),
        encode(palette, "GIF", transparency=0),
        encode(grey, "PNG"),
    ):
        image = decode(prepare(data).data).convert("RGBA")
        assert image.getpixel((0, 0))[3] == 0
    assert decode(prepare(encode(palette, "PNG", transparency=0)).data).getpixel((5, 5)) == (255, 0, 0, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_taken(mode: str) -> None:
    assert prepare(encode(Image.new(mode, (8, 8)), "PNG")).width == 8


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_keeps_moving(kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), (step * 60, 0, 255 - step * 60)) for step in range(4)]
    prepared = prepare(
        encode(
            frames[0], kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300, 400], loop=0
        )
    )
    image = Image.open(io.BytesIO(prepared.data))
    assert prepared.animated
    assert image.n_frames == 4
    image.seek(3)
    assert near(image.convert("RGB").getpixel((5, 5)), (180, 0, 75))
    assert image.info["duration"] == 400


def test_a_transparent_animation_stays_transparent() -> None:
    frames = []
    for step in range(3):
        frame = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
        ImageDraw.Draw(frame).rectangle((step * 10, 0, step * 10 + 8, 8), fill=(255, 0, 0, 255))
        frames.append(frame)
    prepared = prepare(
        encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50, disposal=2)
    )
    image = Image.open(io.BytesIO(prepared.data))
    image.seek(2)
    last = image.convert("RGBA")
    assert last.getpixel((25, 4))[:3] == (255, 0, 0)
    assert last.getpixel((5, 4))[3] == 0


def test_an_endless_animation_is_refused() -> None:
    frames = [Image.new("P", (2, 2), step % 2) for step in range(400)]
    for frame in frames:
        frame.putpalette([0, 0, 0, 255, 255, 255])
    with pytest.raises(ImageRefused, match="too long"):
        prepare(encode(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20))


def test_a_wide_animation_is_refused_by_its_pixels() -> None:
    frames = [Image.new("RGB", (2_000, 2_000), (step, 0, 0)) for step in range(9)]
    with pytest.raises(ImageRefused, match="too long"):
        prepare(
            encode(
                frames[0],
                "WEBP",
                save_all=True,
                append_images=frames[1:],
                method=0,
                lossless=True,
                duration=20,
            )
        )


def test_an_avatar_is_the_middle_in_two_sizes() -> None:
    avatars = square_avatar(encode(halves(300, 100), "PNG"), size=64)
    assert {size: decode(data).size for size, data in avatars.items()} == {64: (64, 64), 128: (128, 128)}
    image = decode(avatars[128]).convert("RGB")
    assert near(image.getpixel((20, 60)), (200, 0, 0)) and near(image.getpixel((110, 60)), (0, 0, 200))


def test_an_avatar_keeps_transparency_and_orientation() -> None:
    clear = square_avatar(encode(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG"))
    assert decode(clear[96]).convert("RGBA").getpixel((10, 10))[3] == 0
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    turned = decode(square_avatar(encode(halves(200, 200), "JPEG", exif=exif))[96]).convert("RGB")
    assert near(turned.getpixel((10, 48)), (0, 0, 200))


def test_a_forty_megapixel_photo_becomes_an_avatar() -> None:
    photo = encode(Image.new("RGB", (7_300, 5_470), (10, 120, 30)), "JPEG")
    assert near(decode(square_avatar(photo)[192]).getpixel((50, 50)), (10, 120, 30))
