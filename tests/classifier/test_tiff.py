"""TIFF: its first page, as scanners and microscopes write it; a camera's raw data are no photo."""

import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifier.errors import TruncatedError, UnsupportedFormatError
from classifier.photo import decode
from tests.classifier.pictures import LOSSY, WHITE, encoded, far, noise, scene


@pytest.mark.parametrize("compression", ["raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "lzma", "zstd", "jpeg"])
def test_each_compression_gives_the_same_picture(compression: str) -> None:
    decoded = decode(encoded(scene(), "TIFF", compression=compression))
    assert (decoded.mode, decoded.size) == ("RGB", (64, 48))
    assert far(decoded, scene()) < (LOSSY if compression == "jpeg" else 1e-9)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB", "RGBA", "LA"])
def test_each_kind_of_pixels_is_read(mode: str) -> None:
    picture = scene().convert(mode)
    expected = picture.convert("RGB")
    if mode == "YCbCr":
        assert far(decode(encoded(picture, "TIFF", compression="jpeg")), expected) < LOSSY
    else:
        assert far(decode(encoded(picture, "TIFF")), expected) < 1


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_a_scan_in_black_and_white_is_read(compression: str) -> None:
    page = scene().convert("1")
    assert far(decode(encoded(page, "TIFF", compression=compression)), page.convert("RGB")) == 0


def test_its_first_page_counts() -> None:
    data = encoded(scene(), "TIFF", save_all=True, append_images=[noise(64, 48), noise(30, 20)])
    assert far(decode(data), scene()) == 0


def test_it_is_upright_and_on_white() -> None:
    turned = encoded(scene().transpose(Image.Transpose.ROTATE_180), "TIFF", tiffinfo={0x0112: 3})
    assert far(decode(turned), scene()) == 0
    clear = scene().convert("RGBA")
    clear.putalpha(0)
    assert decode(encoded(clear, "TIFF")).getpixel((5, 5)) == WHITE


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_a_microscope_s_bits_are_stretched_to_eight(bits: int) -> None:
    """Shifted by eight as those of a PNG, a picture of 12 bits would be nearly black."""
    ramp = np.linspace(0, 2**bits - 1, 256).astype(np.uint16)[None].repeat(4, 0)
    decoded = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")))
    assert np.abs(decoded[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize(("dtype", "low", "high"), [(np.float32, -3, 7), (np.float32, 0, 1), (np.int32, -500, 70_000)])
def test_measurements_in_32_bits_are_stretched_from_lowest_to_highest(dtype: Any, low: float, high: float) -> None:
    ramp = np.linspace(low, high, 256).astype(dtype)[None].repeat(4, 0)
    decoded = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")))
    assert np.abs(decoded[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_measurements_that_are_no_numbers_or_all_the_same_are_black() -> None:
    empty = np.full((4, 4), np.nan, np.float32)
    for values in (empty, np.full((4, 4), 5, np.float32), np.full((4, 4), np.inf, np.float32)):
        assert decode(encoded(Image.fromarray(values), "TIFF")).size == (4, 4)
    mixed = np.linspace(0, 1, 256, dtype=np.float32)[None].repeat(4, 0)
    mixed[0] = np.nan
    assert np.asarray(decode(encoded(Image.fromarray(mixed), "TIFF")))[1, 255, 0] == 255


def test_16_bits_in_colour_keep_their_colour() -> None:
    pixels = struct.pack("<3H", 220 * 257, 30 * 257, 30 * 257) * 16
    tags = ((256, 4, 1, 4), (257, 4, 1, 4), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128))
    tags += ((277, 3, 1, 3), (278, 4, 1, 4), (279, 4, 1, len(pixels)))
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    data = b"II*\0" + struct.pack("<I", 8) + directory
    data = data.ljust(122, b"\0") + struct.pack("<3H", 16, 16, 16) + pixels
    assert decode(data).getpixel((2, 2)) == (220, 30, 30)


@pytest.mark.parametrize(
    "tags",
    [
        {50706: b"\1\4\0\0"},  # DNG
        {254: 1, 330: 8},  # a preview, with the raw data in another directory: NEF, ARW, DNG
        {262: 32803},  # the pattern of a sensor's filters
    ],
)
def test_a_camera_s_raw_data_are_refused_by_name(tags: dict[int, Any]) -> None:
    with pytest.raises(UnsupportedFormatError, match="Camera RAW images are not supported"):
        decode(with_tags(encoded(scene(), "TIFF"), tags))


def with_tags(data: bytes, tags: dict[int, bytes | int]) -> bytes:
    """The TIFF with other values of its tags, or more of them, as Pillow would not write them."""
    [start] = struct.unpack_from("<I", data, 4)
    [count] = struct.unpack_from("<H", data, start)
    entries = [data[at : at + 12] for at in range(start + 2, start + 2 + 12 * count, 12)]
    by_tag = {struct.unpack_from("<H", entry)[0]: entry for entry in entries}
    for tag, value in tags.items():
        entry = struct.pack("<HI4s", 1, 4, value) if isinstance(value, bytes) else struct.pack("<HII", 4, 1, value)
        by_tag[tag] = struct.pack("<H", tag) + entry
    directory = struct.pack("<H", len(by_tag)) + b"".join(by_tag[tag] for tag in sorted(by_tag)) + bytes(4)
    return data[:4] + struct.pack("<I", len(data)) + data[8:] + directory


def test_damage_and_rare_kinds_are_told_apart() -> None:
    data = encoded(noise(64, 48), "TIFF")
    with pytest.raises(TruncatedError, match="This TIFF file is damaged"):
        decode(data[: len(data) // 2])
    with pytest.raises(UnsupportedFormatError, match="This kind of TIFF is not supported"):
        decode(with_tags(data, {258: 5}))
