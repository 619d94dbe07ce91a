"""Drawn pictures to train on: each class a colour, or a shape."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

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


def shape(name: str, seed: int) -> Image.Image:
    """A "disc" or a "cross" of any colour, place and size on a noisy ground."""
    rng = np.random.default_rng(seed)
    image = Image.fromarray(rng.integers(90, 166, (160, 200, 3), np.uint8))
    draw, colour = ImageDraw.Draw(image), tuple(int(value) for value in rng.integers(0, 256, 3))
    x, y, size = (int(value) for value in rng.integers(10, 70, 3))
    box = (x, y, x + size + 40, y + size + 40)
    if name == "disc":
        draw.ellipse(box, fill=colour)
    else:
        draw.line(box, fill=colour, width=14)
        draw.line((box[0], box[3], box[2], box[1]), fill=colour, width=14)
    return image


def shapes(root: Path, count: int, names: tuple[str, ...] = ("cross", "disc")) -> Path:
    """A folder of class folders with `count` drawings each."""
    for label, name in enumerate(names):
        (root / name).mkdir(parents=True)
        for number in range(count):
            shape(name, 1_000 * label + number).save(root / name / f"{number}.png")
    return root
