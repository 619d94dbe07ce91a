"""A network that is too sure of itself is made less so, as the recipe answers."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from tests.train.runs import small
from train.calibrate import calibrate
from train.data.part import Dataset, Part


def test_the_temperature_is_that_of_the_validation_pictures(tmp_path: Path) -> None:
    """Logits three times too large, for labels drawn from the true chances."""
    data, network = drawn(tmp_path, true_scale=4.0), linear(scale=12.0)
    assert calibrate(small(), network, data) == pytest.approx(3.0, rel=0.15)


def test_a_recipe_that_answers_mirrored_is_calibrated_mirrored(tmp_path: Path) -> None:
    """The network sees the left half alone, the labels come from both."""
    data, network = drawn(tmp_path, true_scale=4.0), linear(scale=12.0, left_only=True)
    run = small()
    mirrored = replace(run, recipe=replace(run.recipe, looks=2))
    assert calibrate(mirrored, network, data) == pytest.approx(3.0, rel=0.15)
    assert calibrate(run, network, data) > 3.9


def linear(scale: float, left_only: bool = False) -> keras.Model:
    """uint8 (N, 4, 4, 3) to one logit: `scale` times the mean red above the middle."""
    inputs = keras.Input((4, 4, 3), dtype="uint8")
    pixels = keras.layers.Rescaling(1 / 255, offset=-0.5)(inputs)
    seen = pixels[:, :, :2] if left_only else pixels
    logit = keras.ops.mean(seen[..., :1], axis=(1, 2)) * scale
    return keras.Model(inputs, logit)


def drawn(root: Path, true_scale: float) -> Dataset:
    rng = np.random.default_rng(0)
    halves = rng.integers(0, 256, (20_000, 1, 2, 1), np.uint8)
    images = np.broadcast_to(np.repeat(halves, 2, axis=2), (20_000, 4, 4, 1)).repeat(3, axis=3).copy()
    logit = true_scale * (images[..., 0].mean((1, 2)) / 255 - 0.5)
    labels = (rng.uniform(size=20_000) < 1 / (1 + np.exp(-logit))).astype(np.int64)
    part = Part(images, labels, ("",) * 20_000)
    return Dataset("ramps", "", ("dark", "light"), part, part, part, root)
