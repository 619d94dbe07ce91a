"""AVIF files made to do harm: what they cost, and whom."""

import struct
import threading
import time

import pytest
from PIL import Image, features

from classifier import avif, pixels
from classifier.errors import PhotoError, TooLargeError, TruncatedError
from classifier.photo import PhotoLimits, decode
from tests.classifier.pictures import encoded, noise, scene

pytestmark = pytest.mark.skipif(not features.check("avif"), reason="Pillow has no AVIF")


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def with_associations(data: bytes, count: int) -> bytes:
    """The file with so many entries of properties of pictures that are not there."""
    entries = b"".join(struct.pack(">IB", number, 0) for number in range(10, 10 + count))
    many = box(b"ipma", b"\1\0\0\0" + struct.pack(">I", count) + entries)
    for outer in (b"iprp", b"meta"):  # both hold it, so both grow
        at = data.index(outer) - 4
        size = struct.unpack(">I", data[at : at + 4])[0]
        data = data[:at] + struct.pack(">I", size + len(many)) + data[at + 4 :]
    end = data.index(b"ipma") - 4
    end += struct.unpack(">I", data[end : end + 4])[0]
    return data[:end] + many + data[end:]


def claiming(data: bytes, width: int, height: int) -> bytes:
    """The file with another size in its headers than the coded picture has."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


@pytest.mark.parametrize("at_least", [None, (20, 20)])
def test_it_is_the_picture_that_this_process_would_decode(at_least: tuple[int, int] | None) -> None:
    for picture, options in ((noise(90, 60), {}), (scene(64, 48).convert("RGBA"), {"quality": 90})):
        exif = Image.Exif()
        exif[0x0112] = 6
        data = encoded(picture, "AVIF", exif=exif, **options)
        ours = decode(data, at_least=at_least)
        assert ours.tobytes() == pixels.read(data, "AVIF", 100, at_least, "squash").tobytes()
        assert ours.width < ours.height


def test_a_refusal_keeps_its_type_and_words() -> None:
    data = encoded(noise(90, 60), "AVIF")
    with pytest.raises(TruncatedError, match="damaged or incomplete"):
        decode(data[: len(data) // 2])
    with pytest.raises(TooLargeError, match="90 x 60 pixels"):
        decode(data, PhotoLimits(max_megapixels=0.001))


def test_one_that_takes_long_is_ended_and_others_go_on_meanwhile() -> None:
    data = with_associations(encoded(scene(), "AVIF"), 150_000)
    over, pauses = threading.Event(), []

    def tick() -> None:
        last = time.monotonic()
        while not over.wait(0.01):
            pauses.append(time.monotonic() - last)
            last = time.monotonic()

    other = threading.Thread(target=tick)
    other.start()
    started = time.monotonic()
    try:
        with pytest.raises(TooLargeError, match="takes too long or too much memory"):
            decode(data)
    finally:
        over.set()
        other.join()
    assert time.monotonic() - started < 10
    assert max(pauses) < 1


def test_one_that_is_larger_than_it_says_gets_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    data = claiming(encoded(Image.new("RGB", (3000, 2000), "red"), "AVIF", speed=10), 64, 48)
    assert len(data) < 2000
    assert decode(data).size == (64, 48)  # what it takes is within the bound
    monkeypatch.setattr(avif, "MEMORY_BYTES", 16 * 2**20)
    with pytest.raises(PhotoError):
        decode(data)


def test_it_is_given_up_by_the_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(avif, "_WAIT_SECONDS", 0.01)
    with pytest.raises(TooLargeError, match="takes too long"):
        decode(encoded(scene(), "AVIF"))
