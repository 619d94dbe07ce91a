"""What `photo.decode` refuses, and how cheaply: what is no picture, cut off, too large or made to do harm."""

import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image, features

from classifier import pixels
from classifier.errors import PhotoError, TooLargeError, TruncatedError
from classifier.photo import PhotoLimits, decode
from tests.classifier.pictures import chunk, encoded, in_scans, noise, png, scene, with_jpeg_size, with_scans

TRUNCATED = {
    "JPEG": encoded(noise(64, 48), "JPEG"),
    "PNG": encoded(noise(64, 48), "PNG"),
    "WEBP": encoded(noise(64, 48), "WEBP"),
    "GIF": encoded(noise(64, 48), "GIF"),
    "BMP": encoded(noise(64, 48), "BMP"),
    **({"AVIF": encoded(noise(64, 48), "AVIF")} if features.check("avif") else {}),
}


def read(kind: str, data: bytes) -> Image.Image:
    """Hundreds of processes for an AVIF, one for each, would take half a minute."""
    return pixels.read(data, kind, 100, None, "squash") if kind == "AVIF" else decode(data)


@pytest.mark.parametrize("kind", TRUNCATED)
def test_truncated_anywhere_is_a_typed_refusal(kind: str) -> None:
    data = TRUNCATED[kind]
    most = len(data) * (7 if kind == "JPEG" else 9) // 10
    for cut in {*range(1, 64), *range(64, most, max(1, len(data) // 60))}:
        with pytest.raises(PhotoError):
            read(kind, data[:cut])
    with pytest.raises(TruncatedError, match="damaged or incomplete"):
        decode(data[: len(data) // 2])


@pytest.mark.parametrize("kind", [*TRUNCATED, "progressive"])
def test_flipped_bytes_give_a_picture_or_a_typed_refusal(kind: str) -> None:
    random = np.random.default_rng(1)
    for _ in range(150):
        data = bytearray(PROGRESSIVE if kind == "progressive" else TRUNCATED[kind])
        for at in random.integers(0, len(data), 4):
            data[at] = random.integers(256)
        try:
            assert read(kind, bytes(data)).mode == "RGB"
        except PhotoError:
            continue


@pytest.mark.parametrize(("width", "height"), [(0, 10), (10, 0), (0, 0)])
def test_a_picture_without_pixels_is_refused(width: int, height: int) -> None:
    with pytest.raises(TruncatedError):
        decode(png(width, height))
    with pytest.raises(PhotoError):
        decode(with_jpeg_size(encoded(scene(), "JPEG"), width, height))


def test_millions_of_values_in_the_metadata_are_not_unpacked() -> None:
    values = 1_500_000
    orientation = struct.pack("<HHHII", 1, 0x112, 5, values, 26)  # of a kind that becomes an object for each value
    exif = b"II*\0" + struct.pack("<I", 8) + orientation + bytes(4) + b"\1\0\0\0\2\0\0\0" * values
    plain, hexadecimal = encoded(scene(), "PNG"), b"Raw profile type exif\0" + b"\n" * 10_000_000
    for data in (
        plain[:33] + chunk(b"eXIf", exif) + plain[33:],
        plain[:33] + chunk(b"tEXt", hexadecimal) + plain[33:],
        encoded(scene(), "WEBP", exif=exif),
    ):
        started = time.process_time()
        assert decode(data).size == (64, 48)
        assert time.process_time() - started < 0.3


def test_a_huge_profile_of_a_png_is_not_unpacked() -> None:
    """The orientation stands at its front, so a small one is honoured; one of megabytes would take as much again."""
    exif = Image.Exif()
    exif[0x0112] = 6
    plain, hexadecimal = encoded(scene(), "PNG"), exif.tobytes().hex().encode()

    def with_profile(size: int) -> bytes:
        profile = b"Raw profile type exif\0\nexif\n%8d\n" % size + hexadecimal.ljust(size, b"0") + b"\n"
        return plain[:33] + chunk(b"tEXt", profile) + plain[33:]

    assert decode(with_profile(2_000)).size == (48, 64)
    assert decode(with_profile(900_000)).size == (64, 48)


def test_a_jpeg_that_is_all_length_is_not_decoded_whole() -> None:
    data = encoded(Image.new("RGB", (65_500, 400), "red"), "JPEG", quality=10)
    with pytest.raises(TooLargeError, match="very different length"):
        decode(data, at_least=(320, 320))
    assert decode(data, at_least=(40, 40)).height >= 40


def test_too_many_bytes_are_refused_before_anything_else() -> None:
    with pytest.raises(TooLargeError, match=r"20.0 MB; the limit is 10 MB"):
        decode(b"x" * (20 * 2**20), PhotoLimits(max_bytes=10 * 2**20))


def gif(width: int, height: int) -> bytes:
    data = encoded(scene(), "GIF")
    return data[:6] + struct.pack("<HH", width, height) + data[10:]


def bmp(width: int, height: int) -> bytes:
    data = encoded(scene(), "BMP")
    return data[:18] + struct.pack("<ii", width, height) + data[26:]


def webp(width: int, height: int) -> bytes:
    data = encoded(scene(), "WEBP", lossless=True)
    bits = struct.pack("<I", (width - 1) | (height - 1) << 14)
    return data[:21] + bits + data[25:]


JPEG = encoded(scene(), "JPEG")
PROGRESSIVE = encoded(scene(), "JPEG", progressive=True)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (png(50_000, 50_000), "limit for this format is 33.5"),
        (png(2**31 - 1, 2**31 - 1), "limit for this format is 33.5"),
        (with_jpeg_size(JPEG, 65_500, 65_500), "limit for this format is 205"),
        (png(24_000_000, 1), "24000000 x 1 pixels; the limit for a side is 65,535"),
        (png(1, 24_000_000), "1 x 24000000 pixels; the limit for a side is 65,535"),
        (
            with_jpeg_size(in_scans(scene(), colours=4), 5_000, 4_000),
            "20 megapixels; the limit for this format is 18.1",
        ),
        (with_jpeg_size(PROGRESSIVE, 8_000, 4_000), "This progressive JPEG has 8000 x 4000 pixels, 32 megapixels"),
        (gif(65_535, 65_535), "limit for this format is 24.2"),
        (bmp(30_000, 30_000), "limit for this format is 24.2"),
        (webp(16_383, 16_383), "WebP"),
        (webp(8_000, 8_000), "limit for this format is 12.6"),
    ],
)
def test_pixel_bombs_are_refused_from_their_headers(data: bytes, message: str) -> None:
    started = time.process_time()
    with pytest.raises(TooLargeError, match=message):
        decode(data)
    assert time.process_time() - started < 0.2


def test_a_jpeg_in_several_scans_has_the_limit_of_a_progressive_one() -> None:
    """Sequential, but in one scan for each colour: libjpeg keeps all coefficients, as for a progressive one."""
    data = in_scans(scene())
    assert decode(data).size == (64, 48)
    with pytest.raises(TooLargeError, match="progressive JPEG"):
        decode(with_jpeg_size(data, 8_000, 4_000))


def test_a_thumbnail_in_the_exif_is_no_second_scan() -> None:
    plain = encoded(scene(), "JPEG")
    exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0" + plain
    data = with_jpeg_size(plain, 8_000, 4_000)
    data = data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]
    assert data.count(b"\xff\xda") == 2
    assert decode(data, at_least=(64, 64)).size == (1000, 500)  # a progressive one of that size is refused


def test_a_jpeg_of_thousands_of_scans_is_refused() -> None:
    assert decode(with_scans(PROGRESSIVE, 50)).size == (64, 48)
    with pytest.raises(TooLargeError, match="takes too long to read"):
        decode(with_scans(PROGRESSIVE, 5000))


def test_the_more_scans_a_jpeg_has_the_smaller_it_must_be() -> None:
    many = with_scans(PROGRESSIVE, 80)
    assert decode(many).size == (64, 48)
    with pytest.raises(TooLargeError, match=r"the limit for this format is 3\."):
        decode(with_jpeg_size(many, 3_000, 2_000))


@pytest.mark.parametrize("name", [b"iCCP", b"zTXt"])
def test_png_metadata_that_unpacks_to_much_costs_little(name: bytes) -> None:
    bomb = b"profile\0\0" + zlib.compress(b"\0" * 80_000_000, 9)
    honest = encoded(scene(), "PNG")
    data = honest[:33] + chunk(name, bomb) + honest[33:]
    started = time.process_time()
    with pytest.raises(PhotoError):
        decode(data)
    assert time.process_time() - started < 1


def test_a_file_of_many_frames_costs_no_more_than_its_first() -> None:
    frames = [Image.new("L", (16, 16), i % 256) for i in range(2000)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False)
    started = time.process_time()
    assert decode(data).size == (16, 16)
    assert time.process_time() - started < 0.5
