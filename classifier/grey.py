"""Grey of 16 or 32 bits to 8: what a value means depends on who wrote it."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile


def is_deep(image: Image.Image) -> bool:
    """Whether it is grey of more than 8 bits, which Pillow's convert() would clip at 255."""
    return image.mode.startswith(("I", "F"))


def to_8_bits(image: Image.Image, rows: int) -> Callable[[Image.Image], Image.Image]:
    """What makes 8 bits of a part of such an image, which is looked at `rows` rows at a time.

    A PNG uses its 16 bits in full. Microscopes and scanners write the 10, 12 or 14 bits of their sensor as they are,
    and measurements in 32 bits have any range: there the values themselves tell. What is no number is black.
    """
    if image.mode.startswith("I;16"):
        most = max((int(np.asarray(strip).max()) for strip in strips(image, rows)), default=0)
        bits = max(8, most.bit_length()) if isinstance(image, TiffImageFile) else 16
        return lambda part: Image.fromarray((np.asarray(part) >> (bits - 8)).astype(np.uint8))
    low, high = np.float32(np.inf), np.float32(-np.inf)
    for strip in strips(image, rows):
        values = np.asarray(strip, np.float32)
        if not np.isfinite(values).all():
            values = values[np.isfinite(values)]
        low, high = values.min(initial=low), values.max(initial=high)
    stretch = np.float32(255 / (float(high) - float(low)) if high > low else 0)

    def stretched(part: Image.Image) -> Image.Image:
        values = np.nan_to_num(np.asarray(part, np.float32), nan=float(low), posinf=float(high), neginf=float(low))
        return Image.fromarray(((values - low) * stretch + np.float32(0.5)).astype(np.uint8))

    return stretched


def strips(image: Image.Image, rows: int) -> Iterator[Image.Image]:
    """The image from top to bottom, `rows` rows at a time, so that it is not there twice."""
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))
