"""Batches in which each picture holds a rectangle of another one, and its label the share of each (Yun et al. 2019)."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray


class CutMix(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Pictures uint8 (N, H, W, 3) and one-hot labels float32 (N, C), in a new order and newly mixed each epoch.

    `share` of the batches are mixed, the others left as they are. `done` epochs lie behind an interrupted run.
    """

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[np.float32], batch: int, share: float, seed: int, done: int
    ) -> None:
        super().__init__()
        self._images, self._labels, self._batch, self._share, self._seed = images, labels, batch, share, seed
        self._epoch = done
        self._shuffle()

    def __len__(self) -> int:
        return -(-len(self._images) // self._batch)

    def __getitem__(self, number: int) -> tuple[Any, Any]:
        rows = self._order[number * self._batch : (number + 1) * self._batch]
        images, labels = self._images[rows], self._labels[rows]
        rng = np.random.default_rng((self._seed, self._epoch, number, 1))
        if rng.random() >= self._share:
            return images, labels
        others = rng.permutation(len(rows))
        rectangle, left = _rectangle(images.shape[1], images.shape[2], rng)
        images[:, *rectangle] = images[others][:, *rectangle]
        return images, left * labels + (1 - left) * labels[others]

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        self._order = np.random.default_rng((self._seed, self._epoch)).permutation(len(self._images))


def _rectangle(height: int, width: int, rng: np.random.Generator) -> tuple[tuple[slice, slice], np.float32]:
    """Rows and columns of a rectangle anywhere, of up to the whole picture, and the share of the picture outside it."""
    side = np.sqrt(rng.random())
    places = []
    for length in (height, width):
        middle, half = rng.integers(length), round(side * length / 2)
        places.append(slice(max(0, middle - half), min(length, middle + half)))
    rows, columns = places
    area = (rows.stop - rows.start) * (columns.stop - columns.start)
    return (rows, columns), np.float32(1 - area / (height * width))
