"""Drawn pictures to train on: each class a colour; clouds for photos."""

from pathlib import Path

import numpy as np
from PIL import Image

from train.data.part import Dataset, Part

COLOURS = np.array([(210, 70, 60), (60, 70, 210), (60, 200, 60)])


def colours(count: int, seed: int, classes: int = 2, side: int = 64) -> Part:
    """`count` pictures, the classes in turn, each its colour under noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % classes
    images = np.clip(COLOURS[labels][:, None, None] + rng.normal(0, 30, (count, side, side, 3)), 0, 255)
    return Part(images.astype(np.uint8), labels, tuple(str(number) for number in range(count)))


def colour_set(root: Path) -> Dataset:
    """96 pictures to learn two colours from, 40 for validation, 60 for the test."""
    return Dataset("colours", "by seed", ("red", "blue"), colours(96, 0), colours(40, 1), colours(60, 2), root)


def scene(seed: int) -> Image.Image:
    """Soft coloured clouds: as in a photo, and unlike in flat shapes, no two neighbours are equally bright."""
    noise = np.random.default_rng(seed).integers(0, 256, (7, 7, 3), np.uint8)
    return Image.fromarray(noise).resize((180, 180), Image.Resampling.BICUBIC)
