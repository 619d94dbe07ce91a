"""The pixels of a file: upright, RGB, on white, perhaps at a reduced scale."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, features

from classifier.photo import decode, fit
from tests.classifier.pictures import (
    BLUE,
    LOSSY,
    RED,
    WHITE,
    chunk,
    encoded,
    exif_jpeg,
    far,
    noise,
    png,
    scene,
)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("GIF", {}),
        ("BMP", {}),
        pytest.param(
            "AVIF", {"quality": 95}, marks=pytest.mark.skipif(not features.check("avif"), reason="Pillow has no AVIF")
        ),
    ],
)
def test_each_format_decodes_to_the_same_picture(kind: str, options: dict[str, object]) -> None:
    decoded = decode(encoded(scene(), kind, **options))
    assert (decoded.mode, decoded.size) == ("RGB", (64, 48))
    assert far(decoded, scene()) < LOSSY


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_exif_orientation_gives_the_upright_picture(orientation: int) -> None:
    decoded = decode(exif_jpeg(scene(), orientation))
    assert decoded.size == (64, 48)
    assert far(decoded, scene()) < LOSSY


def test_orientation_of_a_png_behind_its_pixels_is_honoured() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    data = encoded(scene().transpose(Image.Transpose.ROTATE_180), "PNG")
    behind = data[:-12] + chunk(b"eXIf", exif.tobytes()[6:]) + data[-12:]
    assert far(decode(behind), scene()) == 0


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0",
        b"Exif\0\0garbage",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        # An IFD with one tag whose value lies far outside, and a next IFD that is itself.
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x0e\x01\x02\0\xff\xff\0\0\xff\xff\xff\x0f\x08\0\0\0",
    ],
)
def test_broken_exif_does_not_cost_the_photo(exif: bytes) -> None:
    assert far(decode(encoded(scene(), "JPEG", quality=95, exif=exif)), scene()) < LOSSY


def test_orientation_out_of_range_is_ignored() -> None:
    assert decode(exif_jpeg(scene(), 99)).size == (64, 48)


def test_alpha_is_composited_on_white() -> None:
    image = scene().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 48))
    image.paste((0, 0, 0, 128), (32, 0, 64, 48))
    for kind in ("PNG", "WEBP"):
        decoded = decode(encoded(image, kind, lossless=True))
        assert decoded.getpixel((10, 10)) == WHITE
        assert decoded.getpixel((50, 10)) == (127, 127, 127)


def test_palette_with_transparency_is_composited_on_white() -> None:
    image = scene().quantize(8)
    sun = image.getpixel((10, 8))
    for kind in ("PNG", "GIF"):
        decoded = decode(encoded(image, kind, transparency=sun))
        assert decoded.getpixel((10, 8)) == WHITE
        assert decoded.getpixel((60, 40)) == BLUE


def test_transparent_grey_and_colour_keys_are_composited_on_white() -> None:
    grey = Image.new("L", (4, 4), 7)
    assert decode(encoded(grey, "PNG", transparency=7)).getpixel((0, 0)) == WHITE
    assert decode(encoded(Image.new("RGB", (4, 4), RED), "PNG", transparency=RED)).getpixel((0, 0)) == WHITE


@pytest.mark.parametrize("mode", ["1", "L", "LA"])
def test_grey_becomes_three_equal_channels(mode: str) -> None:
    image = Image.new("L", (9, 7), 255).convert(mode)
    assert decode(encoded(image, "PNG")).getpixel((3, 3)) == WHITE


def test_16_bit_grey_keeps_its_brightness() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(4, 0)
    decoded = np.asarray(decode(encoded(Image.fromarray(ramp), "PNG")))
    assert decoded.shape == (4, 256, 3)
    assert np.abs(decoded[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_16_bit_colour_keeps_its_colour() -> None:
    rows = b"\0" + struct.pack(">3H", 220 * 257, 30 * 257, 30 * 257) * 2
    data = bytearray(png(2, 1, data=rows))
    data[24] = 16
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    assert decode(bytes(data)).getpixel((1, 0)) == RED


def test_cmyk_is_not_inverted() -> None:
    decoded = decode(encoded(scene().convert("CMYK"), "JPEG", quality=95))
    assert decoded.mode == "RGB"
    assert far(decoded, scene()) < LOSSY


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_counts(kind: str) -> None:
    frames = [scene(), *(Image.new("RGB", (64, 48), (i, i, i)) for i in range(200, 230))]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], lossless=True)
    assert far(decode(data), scene()) == 0


@pytest.mark.parametrize("reserved", [b"\1\0\0\0", b"MADE", b"\xff" * 4])
def test_a_bmp_whose_reserved_bytes_are_in_use_is_read(reserved: bytes) -> None:
    data = encoded(scene(), "BMP")
    assert far(decode(data[:6] + reserved + data[10:]), scene()) == 0


def test_a_picture_65_500_pixels_wide_is_read() -> None:
    assert decode(encoded(Image.new("RGB", (65_500, 20), RED), "JPEG")).size == (65_500, 20)


def test_reduced_scale_never_falls_below_what_is_asked() -> None:
    data = encoded(scene(1000, 640), "JPEG")
    assert decode(data).size == (1000, 640)
    assert decode(data, at_least=(128, 128)).size == (250, 160)
    assert decode(data, at_least=(161, 128)).size == (500, 320)
    assert decode(data, at_least=(2000, 2000)).size == (1000, 640)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_will_be_padded_may_shrink_by_its_longer_side(kind: str) -> None:
    """As much as the network's input shrinks it: a narrow side says nothing of that."""
    data = encoded(scene(1000, 640), kind)
    assert decode(data, at_least=(200, 200), rule="squash").size == (500, 320)
    assert decode(data, at_least=(200, 200), rule="crop").size == (500, 320)
    assert decode(data, at_least=(200, 200), rule="pad").size == (250, 160)
    assert decode(data, at_least=(251, 251), rule="pad").size == (500, 320)
    assert decode(encoded(scene(900, 3), kind), at_least=(100, 100), rule="pad").size == (450, 2)
    assert decode(encoded(scene(900, 1), kind), at_least=(100, 100), rule="pad").size == (900, 1)


def test_reduced_scale_counts_on_the_upright_picture() -> None:
    data = exif_jpeg(scene(1000, 640), 6)
    assert decode(data, at_least=(160, 250)).size == (250, 160)
    assert decode(data, at_least=(161, 128)).size == (500, 320)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "BMP"])
def test_what_must_be_read_whole_comes_at_reduced_scale_too(kind: str) -> None:
    data = encoded(scene(1001, 640), kind)
    assert decode(data, at_least=(128, 128)).size == (251, 160)
    assert decode(data, at_least=(161, 128)).size == (501, 320)
    assert far(decode(data, at_least=(128, 128)), scene(251, 160)) < LOSSY


def test_a_big_transparent_picture_is_put_on_white_strip_by_strip() -> None:
    picture = noise(1500, 1501).convert("RGBA")
    picture.putalpha(scene(1500, 1501).convert("L"))
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    data = encoded(picture, "PNG", compress_level=1)
    assert far(decode(data), white) == 0
    assert far(decode(data, at_least=(300, 300)), white.reduce(4)) == 0


def test_reduced_scale_is_the_same_picture() -> None:
    data = encoded(scene(1024, 768), "JPEG", quality=95)
    whole, reduced = fit(decode(data), 128, 128), fit(decode(data, at_least=(256, 256)), 128, 128)
    assert np.abs(whole.astype(int) - reduced).mean() < 1


def test_mpo_of_two_pictures_is_its_first() -> None:
    """Phones append a gain map or a second view to the JPEG."""
    file = io.BytesIO()
    scene().save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))], quality=95)
    assert far(decode(file.getvalue()), scene()) < LOSSY
