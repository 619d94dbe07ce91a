"""Grey of more than 8 bits, by who wrote it."""

import io

import numpy as np
import pytest
from PIL import Image

from classifier.grey import is_deep, strips, to_8_bits


def eight_bits(image: Image.Image, rows: int = 2) -> list[list[int]]:
    return np.asarray(to_8_bits(image, rows)(image)).tolist()


def sensor(*values: int) -> Image.Image:
    """A TIFF of 16 bits, as a microscope writes it."""
    file = io.BytesIO()
    Image.fromarray(np.array([values], np.uint16)).save(file, "TIFF")
    return Image.open(file)


@pytest.mark.parametrize(("mode", "deep"), [("L", False), ("RGB", False), ("I;16", True), ("I", True), ("F", True)])
def test_deep_is_what_has_more_than_8_bits(mode: str, deep: bool) -> None:
    assert is_deep(Image.new(mode, (1, 1))) == deep


def test_16_bits_that_are_no_tiffs_are_used_in_full() -> None:
    image = Image.fromarray(np.array([[0, 255, 256, 4095, 65535]], np.uint16))
    assert eight_bits(image) == [[0, 0, 1, 15, 255]]


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_a_sensors_bits_are_told_by_its_brightest_value(bits: int) -> None:
    most = 2**bits - 1
    assert eight_bits(sensor(0, most // 2, most)) == [[0, 127, 255]]


def test_a_dark_scan_of_less_than_8_bits_is_not_made_brighter() -> None:
    assert eight_bits(sensor(0, 1, 100)) == [[0, 1, 100]]


def test_of_numbers_the_least_is_black_and_the_greatest_white_wherever_they_stand() -> None:
    values = np.array([[-50.0], [0.0], [50.0], [25.0]], np.float32)
    assert eight_bits(Image.fromarray(values), rows=1) == [[0], [128], [255], [191]]


def test_what_is_no_number_does_not_set_the_range() -> None:
    values = np.array([[np.nan, 0.0, 10.0, np.inf, -np.inf]], np.float32)
    assert eight_bits(Image.fromarray(values)) == [[0, 0, 255, 255, 0]]


def test_one_value_everywhere_is_black() -> None:
    assert eight_bits(Image.fromarray(np.full((2, 2), 7.0, np.float32))) == [[0, 0], [0, 0]]


def test_strips_cover_the_image_from_top_to_bottom_once() -> None:
    image = Image.fromarray(np.arange(10, dtype=np.uint8).reshape(5, 2))
    parts = [np.asarray(strip) for strip in strips(image, 2)]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert np.array_equal(np.concatenate(parts), np.asarray(image))
