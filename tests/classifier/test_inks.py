"""Colours of print, as the profile in a CMYK picture says."""

import struct
from itertools import product

import pytest
from PIL import Image

from classifier import sandbox
from classifier.photo import decode
from tests.classifier.pictures import BLUE, encoded, noise

GREY = Image.new("CMYK", (64, 48), (0, 0, 0, 128))


def press(brightness: int = 255) -> bytes:
    """A profile of a strange press: cyan alone decides, from white of that brightness to black.

    An ICC profile of version 2 with one table from four inks, at two steps each, to CIE Lab.
    """
    even = b"".join(bytes([value]) for value in range(256))
    colours = b"".join(bytes([0 if cyan else brightness, 128, 128]) for cyan, *_ in product((0, 1), repeat=4))
    identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + identity + even * 4 + colours + even * 3
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    start = 128 + 4 + 2 * 12
    tags = struct.pack(">I4sII4sII", 2, b"A2B0", start, len(table), b"wtpt", start + len(table), len(white))
    size = start + len(table) + len(white)
    head = struct.pack(">I4xI4s4s4s12x4s", size, 0x02400000, b"prtr", b"CMYK", b"Lab ", b"acsp").ljust(68, b"\0")
    return (head + struct.pack(">3i", 63190, 65536, 54061)).ljust(128, b"\0") + tags + table + white


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("at_least", [None, (10, 10)])
def test_the_profile_of_a_cmyk_picture_is_honoured(kind: str, at_least: tuple[int, int] | None) -> None:
    """Without it the key makes it grey; this press knows no key."""
    red, green, blue = decode(encoded(GREY, kind, icc_profile=press()), at_least=at_least).getpixel((3, 3))
    assert min(red, green, blue) > 240
    assert max(decode(encoded(GREY, kind), at_least=at_least).getpixel((3, 3))) < 140


def test_it_is_read_in_a_process_of_its_own() -> None:
    sandbox.end_all()
    decode(encoded(GREY, "JPEG"))
    assert not sandbox._idle
    decode(encoded(GREY, "JPEG", icc_profile=press()))
    assert len(sandbox._idle) == 1


def test_a_profile_that_cannot_be_used_is_left_out() -> None:
    broken = press()[:200].ljust(400, b"\xff")
    for kind in ("JPEG", "TIFF"):
        assert max(decode(encoded(GREY, kind, icc_profile=broken)).getpixel((3, 3))) < 140


def test_profiles_of_rgb_pictures_are_ignored() -> None:
    blue = Image.new("RGB", (64, 48), BLUE)
    for profile in (press(), b"no profile"):
        assert decode(encoded(blue, "PNG", icc_profile=profile)).getpixel((3, 3)) == BLUE


def test_one_that_is_cut_off_has_its_warning_too() -> None:
    data = encoded(noise(64, 48).convert("CMYK"), "JPEG", icc_profile=press())
    assert decode(data).info == {}
    assert "cut off" in decode(data[:-2]).info["warning"]
