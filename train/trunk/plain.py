"""Pictures that show nothing: blank pages, plain colours, gradients, patterns, writing, marks. Drawn, not collected."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Pixels = NDArray[np.uint8]

SIDE = 180


def draw(count: int, seed: int) -> Pixels:
    """`count` different pictures uint8 [count, 180, 180, 3], of each kind as many."""
    rng = np.random.default_rng(seed)
    kinds = (_colour, _gradient, _noise, _page, _stripes, _mark, _spots)
    return np.stack([np.asarray(kinds[number % len(kinds)](rng), np.uint8) for number in range(count)])


def _tint(rng: np.random.Generator) -> tuple[int, int, int]:
    if rng.random() < 0.4:  # a grey, black and white among them
        grey = int(np.clip(rng.integers(-60, 316), 0, 255))
        return grey, grey, grey
    red, green, blue = rng.integers(256, size=3)
    return int(red), int(green), int(blue)


def _colour(rng: np.random.Generator) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), _tint(rng))


def _gradient(rng: np.random.Generator) -> Image.Image:
    """Between two to four colours, at any angle, or from a place outwards."""
    y, x = np.mgrid[-0.5 : 0.5 : SIDE * 1j, -0.5 : 0.5 : SIDE * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    straight = x * np.cos(angle) + y * np.sin(angle) + 0.5
    round_ = np.hypot(x - rng.uniform(-0.5, 0.5), y - rng.uniform(-0.5, 0.5))
    at = np.clip(straight if rng.random() < 0.6 else round_, 0, 1)
    colours = np.array([_tint(rng) for _ in range(rng.integers(2, 5))], float)
    steps = np.linspace(0, 1, len(colours))
    return Image.fromarray(
        np.stack([np.interp(at, steps, colours[:, channel]) for channel in range(3)], -1).astype(np.uint8)
    )


def _noise(rng: np.random.Generator) -> Image.Image:
    """Grain, from single pixels to clouds."""
    cells = int(rng.choice([2, 4, 8, 16, 45, 90, 180]))
    values = rng.normal(_tint(rng), rng.uniform(3, 80), (cells, cells, 3)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(values).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _page(rng: np.random.Generator) -> Image.Image:
    """A page of writing, as short bars for words; now and then a table or a form."""
    dark = rng.random() < 0.15
    paper, ink = (
        ((24, 24, 28), (225, 225, 225)) if dark else (tuple(rng.integers(225, 256, size=3).tolist()), (35, 35, 40))
    )
    image = Image.new("RGB", (SIDE, SIDE), paper)
    pen = ImageDraw.Draw(image)
    height, margin = int(rng.integers(2, 8)), int(rng.integers(4, 30))
    for y in range(margin, SIDE - margin, int(height * rng.uniform(1.5, 3)) + 1):
        x = margin
        end = SIDE - margin if rng.random() < 0.8 else int(rng.integers(margin + 5, SIDE))
        while x < end:
            word = int(rng.integers(2, 9)) * max(1, height // 2)
            pen.rectangle((x, y, min(x + word, end), y + height - 1), fill=ink)
            x += word + height
    if rng.random() < 0.3:
        for at in range(0, SIDE, int(rng.integers(12, 60))):
            pen.line((0, at, SIDE, at), fill=ink)
            pen.line((at, 0, at, SIDE), fill=ink)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.2)))


def _stripes(rng: np.random.Generator) -> Image.Image:
    """Stripes, tiles or a chequered pattern."""
    y, x = np.mgrid[0:SIDE, 0:SIDE]
    across, down = rng.uniform(0, 0.5, size=2) * rng.integers(0, 2, size=2) + (0.02, 0)
    wave = np.sin(x * across) * (np.cos(y * down) if rng.random() < 0.5 else 1) + (
        np.sin(y * down) if rng.random() < 0.3 else 0
    )
    where = (wave > 0) if rng.random() < 0.6 else (wave + 1) / 2
    first, second = np.array(_tint(rng)), np.array(_tint(rng))
    mixed = first + (second - first) * np.clip(where, 0, 1)[..., None]
    return Image.fromarray(mixed.astype(np.uint8)).rotate(rng.uniform(0, 180), fillcolor=_tint(rng))


def _mark(rng: np.random.Generator) -> Image.Image:
    """A few plain shapes on a plain ground, as a logo or an icon has."""
    image = Image.new("RGB", (SIDE, SIDE), _tint(rng))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 6)):
        left, top = (int(at) for at in rng.integers(0, 120, size=2))
        width, height = (int(size) for size in rng.integers(10, 110, size=2))
        box = (left, top, left + width, top + height)
        shape = (pen.rectangle, pen.ellipse, pen.rounded_rectangle)[rng.integers(3)]
        if rng.random() < 0.25:
            pen.polygon(
                [tuple(point) for point in rng.integers(0, SIDE, size=(int(rng.integers(3, 8)), 2)).tolist()],
                fill=_tint(rng),
            )
        elif shape == pen.rounded_rectangle:
            pen.rounded_rectangle(box, radius=int(rng.integers(2, 20)), fill=_tint(rng))
        else:
            shape(box, fill=_tint(rng), outline=_tint(rng))
    return image


def _spots(rng: np.random.Generator) -> Image.Image:
    """Lights out of focus."""
    image = Image.new("RGB", (SIDE, SIDE), _tint(rng))
    pen = ImageDraw.Draw(image)
    for _ in range(rng.integers(3, 40)):
        x, y = (int(at) for at in rng.integers(-10, SIDE, size=2))
        size = int(rng.integers(2, 50))
        pen.ellipse((x, y, x + size, y + size), fill=_tint(rng))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 12)))
