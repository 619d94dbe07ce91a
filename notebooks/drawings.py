"""Pictures drawn by our own code, for the notebooks to run without any photos."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

COATS = ["sandybrown", "dimgray", "white", "peru", "tan", "slategray", "saddlebrown", "wheat"]
GROUNDS = ["lightsteelblue", "darkseagreen", "thistle", "khaki", "cadetblue", "rosybrown", "gainsboro"]
SYMBOLS = ("house", "sun", "tree")


def animal(ears: int = 1, coat: str = "sandybrown", ground: str = "lightsteelblue", size: int = 240) -> Image.Image:
    """A face with upright ears (1), as a cat's, or hanging ones (-1), as a dog's; RGB, `size` pixels a side."""
    picture = Image.new("RGB", (240, 240), ground)
    draw = ImageDraw.Draw(picture)
    if ears > 0:
        for side in (-1, 1):
            x = 120 + side * 53
            draw.polygon([(x - 28, 90), (x + 28, 90), (x + side * 12, 20)], fill=coat)
    draw.ellipse((50, 60, 190, 200), fill=coat)
    if ears < 0:
        for left in (36, 164):
            draw.ellipse((left, 70, left + 40, 168), fill=coat, outline="black", width=2)
    for x in (95, 145):
        draw.ellipse((x - 9, 108, x + 9, 126), fill="white")
        draw.ellipse((x - 4, 112, x + 4, 122), fill="black")
    draw.polygon([(112, 146), (128, 146), (120, 156)], fill="black")
    draw.arc((100, 146, 120, 172), 0, 170, fill="black", width=3)
    draw.arc((120, 146, 140, 172), 10, 180, fill="black", width=3)
    if ears > 0:
        for side in (-1, 1):
            for rise in (-8, 0, 8):
                draw.line((120 + side * 22, 158 + rise / 2, 120 + side * 84, 154 + rise * 2), fill="black", width=2)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def snapshot(ears: int, rng: np.random.Generator, size: int = 64) -> Image.Image:
    """An `animal` as a careless photographer takes it: somewhere in the picture, tilted, soft, part hidden, grainy."""
    ground = str(rng.choice(GROUNDS))
    face = animal(ears, str(rng.choice(COATS)), ground, 128)
    scale = rng.uniform(0.8, 1.2)
    angle, (dx, dy) = rng.uniform(-0.35, 0.35), rng.uniform(-14, 14, 2)
    cos, sin = scale * math.cos(angle), scale * math.sin(angle)
    matrix = (cos, -sin, 64 + dx - 64 * cos + 64 * sin, sin, cos, 64 + dy - 64 * sin - 64 * cos)
    placed = face.transform(face.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR, fillcolor=ground)
    draw = ImageDraw.Draw(placed)
    for _ in range(2):
        x, y = rng.uniform(0, 128, 2)
        width, height = rng.uniform(10, 34, 2)
        draw.ellipse((x, y, x + width, y + height), fill=str(rng.choice(GROUNDS + COATS)))
    soft = placed.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.5))).resize((size, size), Image.Resampling.BILINEAR)
    pixels = np.asarray(soft, np.float32) * rng.uniform(0.6, 1.2) + rng.normal(0, 10, (size, size, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def symbol(kind: str, rng: np.random.Generator, size: int = 160) -> Image.Image:
    """A house, a sun or a tree of any colour, place and size on a grainy ground."""
    grain = rng.normal(rng.uniform(90, 200, 3), 12, (size, size, 3))
    picture = Image.fromarray(grain.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    first, second = ("#" + "".join(f"{value:02x}" for value in rng.integers(0, 256, 3)) for _ in range(2))
    side = rng.uniform(0.4, 0.7) * size
    x, y = rng.uniform(0.05 * size, 0.95 * size - side, 2)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Corners in pixels of corners in fractions of the symbol's side."""
        return (x + left * side, y + top * side, x + right * side, y + bottom * side)

    if kind == "house":
        draw.rectangle(box(0.15, 0.45, 0.85, 1), fill=first)
        draw.polygon([*box(0, 0.45, 1, 0.45), *box(0.5, 0, 0.5, 0)[:2]], fill=second)
        draw.rectangle(box(0.42, 0.65, 0.6, 1), fill=second)
    elif kind == "sun":
        for turn in np.arange(12) * math.pi / 6:
            across, down = math.cos(turn) / 2, math.sin(turn) / 2
            draw.line(box(0.5 + 0.65 * across, 0.5 + 0.65 * down, 0.5 + across, 0.5 + down), fill=first, width=5)
        draw.ellipse(box(0.25, 0.25, 0.75, 0.75), fill=first)
    elif kind == "tree":
        draw.rectangle(box(0.42, 0.5, 0.58, 1), fill=second)
        draw.ellipse(box(0.15, 0, 0.85, 0.68), fill=first)
    else:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(SYMBOLS)}")
    return picture
