"""The overlay that shows where the network looked."""

import io

import numpy as np
import pytest
from PIL import Image

from classifier.heatmap import overlay

GREY = (120, 120, 120)


def drawn(activation_map: list[list[float]], rule: str = "squash", size: tuple[int, int] = (400, 400)) -> Image.Image:
    data = overlay(Image.new("RGB", size, GREY), np.array(activation_map, np.float32), rule)  # type: ignore[arg-type]
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode) == ("PNG", "RGB")
    return image


def changed(image: Image.Image) -> np.ndarray:
    return np.abs(np.asarray(image, int) - GREY[0]).sum(-1) > 30


def test_it_is_warm_where_the_evidence_is_and_the_photo_elsewhere() -> None:
    image = drawn([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 9]])
    assert image.getpixel((5, 5)) == GREY
    red, green, blue = image.getpixel((375, 375))  # type: ignore[misc]  # a tuple in this mode
    assert red > 180
    assert green > 180
    assert blue < red


def test_evidence_against_the_class_leaves_the_photo_as_it_is() -> None:
    assert not changed(drawn([[-1, -5], [-2, 0]])).any()


def test_strength_does_not_depend_on_the_scale_of_the_map() -> None:
    assert drawn([[0, 1], [2, 3]]).tobytes() == drawn([[0, 10], [20, 30]]).tobytes()


@pytest.mark.parametrize(
    ("size", "expected"), [((800, 400), (384, 192)), ((100, 50), (384, 192)), ((3, 900), (1, 384))]
)
def test_it_keeps_the_aspect_of_the_photo(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert drawn([[1, 0], [0, 1]], size=size).size == expected


def test_a_cropped_photo_is_marked_in_its_centre_only() -> None:
    marked = changed(drawn([[1, 1], [1, 1]], "crop", (800, 400)))
    assert marked[:, 100:280].all()
    assert not marked[:, :90].any()
    assert not marked[:, 300:].any()


def test_a_padded_photo_is_marked_as_if_the_bars_were_there() -> None:
    top_and_bottom = [[1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 1]]
    assert not changed(drawn(top_and_bottom, "pad", (800, 400)))[60:130].any()
    assert changed(drawn([[1, 1], [1, 1]], "pad", (800, 400))).all()
