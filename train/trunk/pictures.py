"""What the trunk learns from: Asirra's cats and dogs, photos of neither, and drawn pictures of nothing."""

import hashlib
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifier import photo
from classifier.errors import ClassifierError
from train.data.asirra import asirra
from train.data.outliers import ASIRRA_SIDE, stored_as_asirra
from train.data.pictures import duplicates
from train.errors import DataMissingError
from train.trunk import plain

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

SIDE = ASIRRA_SIDE
FEWEST = 3_000
# Drawn pictures of nothing, and of those the ones held out.
_PLAIN, _PLAIN_HELD_OUT = 700, 140
NEITHER = 2


@dataclass(frozen=True)
class Pictures:
    """Pictures uint8 [N, 180, 180, 3] with labels 0 cat, 1 dog, 2 neither."""

    images: Pixels
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def digest(self) -> str:
        """What the pictures are, so that another set never counts as the same."""
        return hashlib.sha256(self.images.tobytes() + self.labels.tobytes()).hexdigest()


def load(data: Path) -> tuple[Pictures, Pictures]:
    """Training and validation pictures. One in twenty photos of neither is held out.

    Raises:
        DataMissingError: PetImages/ or neither/ is not in `data`.
    """
    photos = neither(data / "neither")
    cats_and_dogs = asirra(data, SIDE, SIDE)
    held_out = np.arange(len(photos)) % 20 == 0
    drawn = plain.draw(_PLAIN, seed=0)
    parts = (
        (cats_and_dogs.train, photos[~held_out], drawn[:-_PLAIN_HELD_OUT]),
        (cats_and_dogs.validation, photos[held_out], drawn[-_PLAIN_HELD_OUT:]),
    )
    train, validation = (
        Pictures(
            np.concatenate([part.images, *others]),
            np.concatenate([part.labels, np.full(sum(map(len, others)), NEITHER)]),
        )
        for part, *others in parts
    )
    return train, validation


def neither(root: Path) -> Pixels:
    """All photos under `root` as Asirra would have stored them, without copies, in the order of their paths.

    Raises:
        DataMissingError: there are fewer than 3,000.
    """
    paths = sorted(path for path in root.rglob("*") if path.suffix.lower() in photo.SUFFIXES)
    if len(paths) < FEWEST:
        raise DataMissingError(
            f"{root} holds {len(paths)} photos; at least {FEWEST:,} of anything but cats and dogs are needed, in any "
            "folders. docs/PICTURES.md names the public sets that were used"
        )
    with ThreadPoolExecutor() as pool:
        pictures = [picture for picture in pool.map(stored, paths) if picture is not None]
    copies = {later for _, later in duplicates(np.stack([_small(picture) for picture in pictures]))}
    log.info(
        "%s: %d photos, %d copies and %d unreadable left out",
        root.name,
        len(pictures) - len(copies),
        len(copies),
        len(paths) - len(pictures),
    )
    return np.stack([picture for number, picture in enumerate(pictures) if number not in copies])


def stored(path: Path) -> Pixels | None:
    """The photo as Asirra would hold it, uint8 [180, 180, 3]; None where it cannot be read."""
    try:
        return np.asarray(stored_as_asirra(path, at_least=(SIDE, SIDE)))
    except ClassifierError as error:
        log.warning("left out %s: %s", path.name, error)
        return None


def _small(picture: Pixels) -> Pixels:
    return photo.fit(Image.fromarray(picture), 16, 17)


def squared(pictures: Sequence[Pixels] | Pixels, side: int) -> Pixels:
    """Pictures at the size the network looks at, uint8 [N, side, side, 3]."""
    return np.stack([photo.fit(Image.fromarray(picture), side, side) for picture in pictures])
