"""How far the answers carry: accuracy on photos that were worn, turned, dimmed or cut."""

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from classifier import photo
from classifier.photo import ResizeRule

Change = Callable[[Image.Image], Image.Image]


def _worn(picture: Image.Image) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=30)
    return photo.decode(file.getvalue())


def _half(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)


def _centre(picture: Image.Image, share: float = 0.7) -> Image.Image:
    width, height = picture.size
    left, top = width * (1 - share) / 2, height * (1 - share) / 2
    return picture.crop((round(left), round(top), round(width - left), round(height - top)))


CHANGES: dict[str, Change] = {
    "JPEG quality 30": _worn,
    "half size": _half,
    "turned 15 degrees": lambda picture: picture.rotate(15, Image.Resampling.BILINEAR),  # black corners
    "turned -15 degrees": lambda picture: picture.rotate(-15, Image.Resampling.BILINEAR),
    "grey": lambda picture: picture.convert("L").convert("RGB"),
    "30 % brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.3),
    "30 % darker": lambda picture: ImageEnhance.Brightness(picture).enhance(0.7),
    "centre 70 %": _centre,  # of each side
}


def changed(
    paths: Sequence[Path], height: int, width: int, rule: ResizeRule
) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """For every change its name and the photos after it, as a network gets them: uint8 (N, height, width, 3)."""
    for name, change in CHANGES.items():
        pictures = (change(photo.decode(path.read_bytes())) for path in paths)
        yield name, np.stack([photo.fit(picture, height, width, rule) for picture in pictures])


def _smaller(picture: Image.Image, share: float = 0.6) -> Image.Image:
    """The whole photo at a share of its size, on its mean colour: as from further away."""
    width, height = picture.size
    canvas = Image.new("RGB", picture.size, tuple(np.asarray(picture).mean((0, 1)).astype(int)))
    small = picture.resize((max(1, round(width * share)), max(1, round(height * share))), Image.Resampling.BILINEAR)
    canvas.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return canvas


def _blurred(picture: Image.Image) -> Image.Image:
    """A Gaussian blur with a standard deviation of a fiftieth of the longer side."""
    return picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 50))


# What photos from elsewhere are like, more than those of an archive.
ELSEWHERE: dict[str, Change] = {
    "turned 90 degrees": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "turned 180 degrees": lambda picture: picture.transpose(Image.Transpose.ROTATE_180),
    "60 % of its size": _smaller,
    "blurred": _blurred,
}
