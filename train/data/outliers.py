"""Pictures that show none of the classes, to learn "unsure" from (outlier exposure, Hendrycks et al. 2019)."""

import hashlib
import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifier import photo
from train.data.part import Part
from train.data.pictures import duplicates
from train.errors import DataMissingError

# Every Asirra photo was squashed to this size and saved at this quality. An outlier is too, or else how it was
# stored would tell it apart.
ASIRRA_SIDE, ASIRRA_QUALITY = 180, 75
VALIDATION_SHARE = 10  # one in ten


def find(root: Path) -> list[Path]:
    """All photos under `root`. Raises DataMissingError where there are none."""
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
    if not paths:
        raise DataMissingError(f"{root} holds no photos; put some there that show none of the classes, in any folders")
    return paths


def read(root: Path, height: int, width: int, label: int) -> tuple[Part, Part]:
    """Training and held out pictures of all photos under `root`, without copies.

    Raises:
        DataMissingError: there are none.
    """
    paths = find(root)
    pictures = [stored_as_asirra(path) for path in paths]
    copies = {later for _, later in duplicates(np.stack([photo.fit(picture, 16, 17) for picture in pictures]))}
    rows = [row for row in range(len(paths)) if row not in copies]
    images = np.stack([photo.fit(pictures[row], height, width) for row in rows])
    keys = tuple(str(paths[row].relative_to(root)) for row in rows)
    whole = Part(images, np.full(len(rows), label, np.int64), keys)
    held_out = np.array([_held_out(key) for key in keys])
    return whole[np.flatnonzero(~held_out)], whole[np.flatnonzero(held_out)]


def stored_as_asirra(path: Path, at_least: tuple[int, int] | None = None) -> Image.Image:
    """The photo as the Asirra archive would hold it, from at least (height, width) pixels of it or from all.

    Raises the errors of `photo.decode`.
    """
    squashed: NDArray[np.uint8] = photo.fit(
        photo.decode(path.read_bytes(), at_least=at_least), ASIRRA_SIDE, ASIRRA_SIDE
    )
    file = io.BytesIO()
    Image.fromarray(squashed).save(file, "JPEG", quality=ASIRRA_QUALITY)
    return photo.decode(file.getvalue())


def _held_out(key: str) -> bool:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % VALIDATION_SHARE == 0
