"""One process's share of every batch of a part."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class Share(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Batches of (uint8 (n, H, W, 3), float32 (n, C)): `images`, and what the network should answer.

    `order` gives the rows of an epoch, from 0, and is the same in all processes; each takes one of `processes` equal
    runs of every batch. Only its own rows are read, so `images` may be a file that is larger than the memory.
    """

    def __init__(
        self,
        images: NDArray[np.uint8],
        wanted: NDArray[np.float32],
        batch: int,
        order: Callable[[int], Rows],
        process: int,
        processes: int,
        epoch: int = 0,
    ) -> None:
        super().__init__()
        self.images, self.wanted, self.batch = images, wanted, batch
        self.order, self.process, self.processes = order, process, processes
        self.epoch, self.rows = epoch, order(epoch)

    def __len__(self) -> int:
        return -(-len(self.rows) // self.batch)

    def __getitem__(self, number: int) -> tuple[Any, Any]:
        rows = self.rows[number * self.batch : (number + 1) * self.batch].reshape(self.processes, -1)[self.process]
        return self.images[rows], self.wanted[rows]

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self.rows = self.order(self.epoch)


def shuffled(pictures: int, taken: int, seed: int) -> Callable[[int], Rows]:
    """Orders of `taken` rows of so many pictures, another one in each epoch; some come again where rows are missing."""

    def order(epoch: int) -> Rows:
        return np.resize(np.random.default_rng((seed, epoch)).permutation(pictures), taken)

    return order


def in_turn(pictures: int, devices: int) -> Callable[[int], Rows]:
    """Every row once, and the first ones again until their number is a multiple of the devices'."""
    rows = np.arange(-(-pictures // devices) * devices) % pictures
    return lambda epoch: rows
