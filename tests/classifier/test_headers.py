"""Files made to keep a reader busy: millions of parts, or of bytes between them."""

import contextlib
import time

import pytest

from classifier.errors import PhotoError, TooLargeError
from classifier.headers import count_scans
from classifier.photo import decode
from tests.classifier.pictures import chunk, encoded, in_scans, noise, run_bmp, scene, with_scans

JPEG = encoded(scene(), "JPEG")
PROGRESSIVE = encoded(scene(), "JPEG", progressive=True)
PNG = encoded(scene(), "PNG")
GIF = encoded(scene(), "GIF")
GIF_FRAME = GIF.index(b"\x2c")
SCAN = PROGRESSIVE.rindex(b"\xff\xda")

FIRST = PROGRESSIVE.index(b"\xff\xda")
SECOND = PROGRESSIVE.index(b"\xff\xda", FIRST + 2)
# Up to the tables of the second scan.
BEGUN = PROGRESSIVE[: PROGRESSIVE.rindex(b"\xff\xc4", FIRST, SECOND)]
FRAME = JPEG.index(b"\xff\xc0")
CUT = encoded(noise(100, 100), "JPEG")[:-600]
FILLERS = b"\xff" * 19_000_000

# Scans that a walk over segments would take for the content of one, were TEM (FF 01) a segment as others are.
HIDDEN = PROGRESSIVE[SCAN:-2] * 200

FLOODS = {
    "JPEG scans behind a marker without a length": PROGRESSIVE[:-2] + b"\xff\x01\xff\xff" + HIDDEN + PROGRESSIVE[-2:],
    "JPEG entries of Photoshop": JPEG[:2]
    + (b"\xff\xed\xea\x70Photoshop 3.0\0" + b"8BIM\0\1" * 10_000)[:60018] * 9
    + JPEG[2:],
    "JPEG in arithmetic coding": JPEG.replace(b"\xff\xc0", b"\xff\xc9", 1),
    "JPEG segments": JPEG[:2] + b"\xff\xe5\0\2" * 2_000_000 + JPEG[2:],
    "JPEG fillers": JPEG[:2] + b"\xff" * 10_000_000 + JPEG[2:],
    "JPEG stray bytes": JPEG[:20] + b"\0" * 10_000_000 + JPEG[20:],
    "JPEG bare markers": JPEG[:2] + b"\xff\xd0" * 4_000_000 + JPEG[2:],
    "JPEG tables between scans": PROGRESSIVE[:SCAN] + b"\xff\xc4\0\2" * 2_000_000 + PROGRESSIVE[SCAN:],
    "JPEG fillers between scans": PROGRESSIVE[:SCAN] + b"\xff" * 10_000_000 + PROGRESSIVE[SCAN:],
    "JPEG segments behind the first scan": BEGUN + b"\xff\xe5\0\2" * 4_500_000 + b"\xff\xd9",
    "JPEG fillers behind the first scan": BEGUN + FILLERS + b"\xff\xd9",
    "JPEG fillers behind a scan that is cut off": CUT + FILLERS + b"\xff\xd9",
    "JPEG fillers behind an end that is the content of a comment": CUT
    + b"\xff\xfe\0\4\xff\xd9"
    + FILLERS
    + b"\xff\xd9",
    "JPEG frames of thousands of components": JPEG[:FRAME]
    + (b"\xff\xc0\xff\xff\x08\0\x30\0\x40\3" + bytes(65_527)) * 280
    + JPEG[FRAME:],
    "JPEG tables": JPEG[:FRAME] + (b"\xff\xdb\xff\xf2" + (b"\0" + b"\x10" * 64) * 1_008) * 280 + JPEG[FRAME:],
    "JPEG scans": with_scans(PROGRESSIVE, 20_000),
    "JPEG pieces of EXIF": JPEG[:2] + (b"\xff\xe1\x27\x10Exif\0\0" + bytes(9_992)) * 1_900 + JPEG[2:],
    "BMP runs past the end of a row": run_bmp(100, 100, b"\xff\0" * 9_000_000),
    "BMP runs of 4 bits": run_bmp(100, 100, b"\xff\0" * 9_000_000, bits=4),
    "BMP rows of a single run": run_bmp(24_000_000, 1, b"\1\0\0\0\0\1"),
    "PNG chunks": PNG[:33] + chunk(b"abCd", b"") * 1_000_000 + PNG[33:],
    "PNG chunks behind the pixels": PNG[:-12] + chunk(b"abCd", b"") * 1_000_000 + PNG[-12:],
    "GIF extensions": GIF[:GIF_FRAME] + b"\x21\1\0" * 3_000_000 + GIF[GIF_FRAME:],
    "GIF comment": GIF[:GIF_FRAME] + b"\x21\xfe" + b"\1a" * 5_000_000 + b"\0" + GIF[GIF_FRAME:],
    "GIF stray bytes": GIF[:GIF_FRAME] + b"\0" * 10_000_000 + GIF[GIF_FRAME:],
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_parts_is_refused_at_once(name: str) -> None:
    started = time.process_time()
    with pytest.raises(TooLargeError, match="takes too long to read"):
        decode(FLOODS[name])
    assert time.process_time() - started < 0.3


HIDDEN_FRAME = {
    marker: JPEG[:FRAME] + marker + JPEG[FRAME:-2] + bytes(65_536) for marker in (b"\xff\xf0", b"\xff\xc8", b"\xff\xd8")
}


@pytest.mark.parametrize("marker", HIDDEN_FRAME)
@pytest.mark.parametrize("flood", [b"\xff\xe5\0\2" * 4_500_000, (b"\xff\xc2\xff\xff\x08" + bytes(65_532)) * 280])
def test_a_flood_behind_a_frame_that_only_some_would_see_costs_nothing(marker: bytes, flood: bytes) -> None:
    """Pillow takes these markers for bare ones; a walk that does not would pass over the frame, and read on."""
    started = time.process_time()
    with contextlib.suppress(PhotoError):
        decode(HIDDEN_FRAME[marker] + flood + b"\xff\xd9", at_least=(1, 1))
    assert time.process_time() - started < 0.3


def test_fillers_behind_the_picture_and_short_ones_pass() -> None:
    for data in (JPEG, PROGRESSIVE):
        assert decode(data + FILLERS).size == (64, 48)
        assert decode(data[:-2] + b"\xff" * 1_000 + data[-2:]).size == (64, 48)


def counted(count: int, part: bytes, data: bytes = PROGRESSIVE, at: int = 2) -> bytes:
    return data[:at] + part * count + data[at:]


@pytest.mark.parametrize(
    ("kind", "part", "data", "at", "most"),
    [
        ("JPEG", PROGRESSIVE[SCAN:-2], PROGRESSIVE, SCAN, 100 - PROGRESSIVE.count(b"\xff\xda")),
        ("JPEG", b"\0", JPEG, 20, 4_096),  # between its segments
        ("JPEG", b"\xff\xe1\0\x08Exif\0\0", JPEG, 2, 8),
        ("JPEG", b"\xff\xed\x0f\xa2" + b"8BIM" * 1_000, JPEG, 2, 10),
        ("GIF", b"\x21\xfe\x01a\0", GIF, GIF_FRAME, (2**18 - GIF_FRAME) // 5),
        ("PNG", chunk(b"abCd", b""), PNG, 33, 10_000 - 3),
    ],
    ids=["scans", "stray bytes", "EXIF", "Photoshop", "GIF preamble", "PNG chunks"],
)
def test_so_many_parts_pass_and_more_do_not(kind: str, part: bytes, data: bytes, at: int, most: int) -> None:
    """Bounds are far above what cameras and editors write, and kept to a few."""
    assert count_scans(counted(most - 2, part, data, at), kind) >= 1
    with pytest.raises(TooLargeError, match="takes too long to read"):
        count_scans(counted(most + 2, part, data, at), kind)


def test_stray_bytes_in_several_places_count_together() -> None:
    for count, most in ((2_040, False), (2_060, True)):
        data = JPEG[:20] + bytes(count) + JPEG[20:FRAME] + bytes(count) + JPEG[FRAME:]
        with pytest.raises(TooLargeError) if most else contextlib.nullcontext():
            assert count_scans(data, "JPEG") == 1


def test_scans_are_counted() -> None:
    assert count_scans(JPEG, "JPEG") == 1
    assert count_scans(with_scans(PROGRESSIVE, 7), "JPEG") == count_scans(PROGRESSIVE, "JPEG") + 7
    assert count_scans(PNG, "PNG") == 1
    assert count_scans(in_scans(scene()), "JPEG") == 3


def test_a_picture_behind_the_end_does_not_count() -> None:
    """Phones append a gain map, a film or a second view."""
    assert count_scans(JPEG + PROGRESSIVE, "JPEG") == 1


def test_honest_metadata_passes() -> None:
    profile = b"\xff\xe2\xff\xff" + b"ICC_PROFILE\0\1\1" + b"\xff" * (65533 - 14)
    assert decode(JPEG[:2] + profile * 200 + JPEG[2:]).size == (64, 48)
    assert decode(JPEG[:2] + b"\xff" * 100 + JPEG[2:]).size == (64, 48)
    piece = b"Exif\0\0" + bytes(60_000)
    assert decode(JPEG[:2] + (b"\xff\xe1" + (len(piece) + 2).to_bytes(2) + piece) * 5 + JPEG[2:]).size == (64, 48)
    assert decode(GIF[:GIF_FRAME] + b"\x21\xfe" + b"\xff" + b"x" * 255 + b"\0" + GIF[GIF_FRAME:]).size == (64, 48)


def test_what_stands_behind_the_first_frame_of_a_gif_does_not_count() -> None:
    """With a palette for all frames, whose size stands in the head, and without one."""
    for flags, palette in ((0x70, b""), (0xF0, bytes(6)), (0xF7, bytes(3 * 256))):
        head = b"GIF89a" + bytes(4) + bytes([flags]) + bytes(2)
        assert count_scans(head + palette + b"," + bytes(2**19), "GIF") == 1
        with pytest.raises(TooLargeError):
            count_scans(head + palette + bytes(2**19), "GIF")


def test_a_big_png_in_small_chunks_passes() -> None:
    data = encoded(noise(600, 400), "PNG")
    start = data.index(b"IDAT") - 4
    length = int.from_bytes(data[start : start + 4])
    pixels = data[start + 8 : start + 8 + length]
    pieces = b"".join(chunk(b"IDAT", pixels[i : i + 128]) for i in range(0, len(pixels), 128))
    whole = data[:start] + pieces + data[start + 12 + length :]
    assert decode(whole).tobytes() == decode(data).tobytes()


@pytest.mark.parametrize("data", [JPEG, PROGRESSIVE, PNG, GIF])
def test_any_cut_is_left_to_the_decoder(data: bytes) -> None:
    kind = {b"\xff": "JPEG", b"\x89": "PNG", b"G": "GIF"}[data[:1]]
    for cut in range(4, len(data)):
        assert count_scans(data[:cut], kind) >= 0
