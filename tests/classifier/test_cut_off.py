"""A JPEG that lacks its end: answered with a warning where most of it can be seen, refused where it cannot."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from classifier.errors import TruncatedError
from classifier.photo import decode
from tests.classifier.pictures import encoded, exif_jpeg, noise

WAYS: dict[str, tuple[Image.Image, dict[str, Any]]] = {
    "baseline": (noise(200, 160), {}),
    "full colour": (noise(200, 160), {"subsampling": 0}),
    "with restarts": (noise(200, 160), {"restart_marker_blocks": 4}),
    "grey": (noise(200, 160).convert("L"), {}),
    "CMYK": (noise(200, 160).convert("CMYK"), {}),
    "12 megapixels": (noise(400, 300).resize((4000, 3000)), {"quality": 40}),
}
FILES = {name: encoded(picture, "JPEG", **options) for name, (picture, options) in WAYS.items()}
FILES["turned"] = exif_jpeg(noise(200, 160), 6)
PROGRESSIVE = encoded(noise(200, 160), "JPEG", progressive=True)


def warned(data: bytes, at_least: tuple[int, int] | None = None) -> bool:
    info = decode(data, at_least=at_least).info
    assert set(info) <= {"warning"}
    return "cut off" in info.get("warning", "")


@pytest.mark.parametrize("name", [*FILES, "progressive"])
def test_without_its_last_bytes_it_is_the_same_picture_with_a_warning(name: str) -> None:
    data = PROGRESSIVE if name == "progressive" else FILES[name]
    for end in (data[:-2], data[:-1], data[:-2] + bytes(5_000), data[:-2] + b"\xff" * 50_000):
        assert warned(end)
        assert decode(end).tobytes() == decode(data).tobytes()


def test_a_whole_one_has_no_warning_whatever_stands_behind_it() -> None:
    for data in (FILES["baseline"], PROGRESSIVE):
        for behind in (b"", bytes(5_000), b"\xff" * 5_000, b"a note", data):
            assert decode(data + behind).info == {}


@pytest.mark.parametrize("at_least", [None, (20, 20)])
@pytest.mark.parametrize("name", FILES)
def test_three_quarters_of_its_rows_are_enough_and_half_is_too_little(
    name: str, at_least: tuple[int, int] | None
) -> None:
    data = FILES[name]
    for share in (0.99, 0.95, 0.8):
        assert warned(data[: int(len(data) * share)], at_least)
    for share in (0.65, 0.5, 0.1):
        with pytest.raises(TruncatedError, match="damaged or incomplete"):
            decode(data[: int(len(data) * share)], at_least=at_least)


def test_what_is_there_is_shown_and_the_rest_is_grey() -> None:
    whole, data = np.asarray(decode(FILES["baseline"])), FILES["baseline"]
    part = np.asarray(decode(data[: int(len(data) * 0.9)]))
    assert (part[:100] == whole[:100]).all()
    assert (part[-1] == 128).all()


def test_a_progressive_one_shows_the_whole_picture_early() -> None:
    assert warned(PROGRESSIVE[: len(PROGRESSIVE) // 2])
    first_scan = PROGRESSIVE.index(b"\xff\xda")
    with pytest.raises(TruncatedError):
        decode(PROGRESSIVE[: first_scan + 200])


def test_a_large_file_cut_short_is_damaged_and_not_too_large() -> None:
    """A card that failed leaves fillers of any length."""
    data = FILES["12 megapixels"]
    for filler in (b"", bytes(10_000_000), b"\xff" * 10_000_000):
        with pytest.raises(TruncatedError):
            decode(data[: len(data) // 2] + filler, at_least=(320, 320))
