"""Files to arrays of one size, and the copies among them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier import photo

# Bits of the 256-bit difference hash in which copies of one photo may differ. Over all pairs of Asirra photos the
# copies lie at 0 to 9 bits and the nearest pair of different photos at 25.
DUPLICATE_BITS = 16


def decoded(paths: Sequence[Path], height: int, width: int) -> NDArray[np.uint8]:
    """The photos as serving decodes and squashes them, uint8 (N, height, width, 3)."""
    images = np.empty((len(paths), height, width, 3), np.uint8)
    _decode(paths, images)
    return images


def decoded_to(file: Path, paths: Sequence[Path], height: int, width: int) -> None:
    """The same into a .npy file, without holding them all in memory."""
    _decode(paths, np.lib.format.open_memmap(file, "w+", np.uint8, (len(paths), height, width, 3)))


def _decode(paths: Sequence[Path], images: NDArray[np.uint8]) -> None:
    height, width = images.shape[1:3]

    def load(path: Path) -> NDArray[np.uint8]:
        return photo.fit(photo.decode(path.read_bytes()), height, width)

    with ThreadPoolExecutor() as pool:
        for row, image in enumerate(pool.map(load, paths)):
            images[row] = image


def duplicates(images: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Pairs (i, j), i < j, of pictures uint8 (N, 16, 17, 3) that are copies of one photo, by difference hash."""
    grey = images.astype(np.int16).sum(-1)
    bits = np.packbits((grey[:, :, 1:] > grey[:, :, :-1]).reshape(len(grey), -1), axis=1).view(np.uint64)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(bits), 512):
        distance = np.bitwise_count(bits[start : start + 512, None] ^ bits[None, start:]).sum(-1, dtype=np.int16)
        for i, j in np.argwhere(distance <= DUPLICATE_BITS):
            if i < j:
                pairs.append((start + int(i), start + int(j)))
    return pairs
