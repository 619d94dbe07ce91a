"""Drawn photos of things: each with a ground, a colour, a size and a place of its own."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SHAPES = ("disc", "cross", "square")


def thing(shape: str, seed: int, size: tuple[int, int] = (240, 200)) -> Image.Image:
    """A picture of one shape."""
    rng = np.random.default_rng((SHAPES.index(shape), seed))
    ground = rng.integers(0, 256, (5, 6, 3), np.uint8)
    picture = Image.fromarray(ground).resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    colour = tuple(int(value) for value in rng.integers(0, 256, 3))
    left, top, side = (int(value) for value in rng.integers((10, 10, 80), (90, 50, 140)))
    box = (left, top, left + side, top + side)
    if shape == "disc":
        draw.ellipse(box, fill=colour)
    elif shape == "cross":
        draw.line(box, fill=colour, width=24)
        draw.line((box[0], box[3], box[2], box[1]), fill=colour, width=24)
    else:
        draw.rectangle(box, fill=colour)
    return picture


def fill(folder: Path, shape: str, count: int, start: int = 0, suffix: str = "jpg") -> list[Path]:
    """Save so many pictures of the shape into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{shape}{number}.{suffix}" for number in range(start, start + count)]
    for number, file in enumerate(files, start):
        thing(shape, number).save(file, "JPEG")
    return files
