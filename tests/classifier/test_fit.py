"""A picture to a network's input."""

import numpy as np
import pytest
from PIL import Image

from classifier.photo import fit
from tests.classifier.pictures import (
    GREEN,
    RED,
    noise,
    scene,
)


@pytest.mark.parametrize("rule", ["squash", "crop", "pad"])
def test_fit_gives_the_networks_input(rule: str) -> None:
    pixels = fit(scene(300, 100), 32, 48, rule)  # type: ignore[arg-type]  # a parametrised literal
    assert (pixels.shape, pixels.dtype) == ((32, 48, 3), np.uint8)


def test_squash_is_pillows_bilinear_filter() -> None:
    """Training has used these very pixels: a change here would silently cost accuracy."""
    image = noise(200, 150)
    expected = np.asarray(image.resize((64, 64), Image.Resampling.BILINEAR))
    assert (fit(image, 64, 64) == expected).all()


def test_crop_keeps_the_centre_and_pad_keeps_all() -> None:
    image = Image.new("RGB", (300, 100), RED)
    image.paste(GREEN, (100, 0, 200, 100))
    assert fit(image, 10, 10, "crop")[5, 2:8].tolist() == [list(GREEN)] * 6
    padded = fit(image, 30, 30, "pad")
    assert padded[0].max() == 0
    assert padded[15, 2].tolist() == list(RED)


@pytest.mark.parametrize(("rule", "box"), [("pad", (0, 8, 32, 24)), ("crop", (0, 0, 32, 32))])
def test_pad_and_crop_shrink_with_the_filter_of_squash(rule: str, box: tuple[int, int, int, int]) -> None:
    image = noise(200, 100)
    shrunk = Image.fromarray(fit(image, 32, 32, rule)).crop(box)  # type: ignore[arg-type]  # a parametrised literal
    part = (50, 0, 150, 100) if rule == "crop" else (0, 0, 200, 100)
    expected = image.resize(shrunk.size, Image.Resampling.BILINEAR, box=part)
    assert (np.asarray(shrunk) == np.asarray(expected)).all()


def test_unknown_resize_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="stretch"):
        fit(scene(), 8, 8, "stretch")  # type: ignore[arg-type]  # the mistake under test
