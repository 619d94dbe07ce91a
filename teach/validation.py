"""Cross-validation: how strongly to hold the weights down, and what a head says of photos that it has not seen."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teach.features import Blocks, Floats, Readable
from teach.regression import Layer, log_loss, regress

FOLDS = 5
# From strong to weak: each fit begins where the one before ended. Best on public folders were .3 to .03.
STRENGTHS = (1.0, 0.3, 0.1, 0.03)
# Above this many rows times classes one fold is enough to choose between the strengths.
_LARGE = 100_000
# Rows that are fitted to in memory, 84 MB. More are read again for each step, 30 to 60 % slower.
AT_ONCE = 16_384


@dataclass(frozen=True)
class Rows:
    """What is fitted to: one's own photos, and at the end those of none of the labels."""

    features: Readable  # [N, F], scaled
    truth: NDArray[np.int64]  # [N], the last class is none of these
    weights: Floats  # [N]
    classes: int

    def blocks(self, which: NDArray[np.bool_]) -> Iterable[Floats]:
        """The features of these rows, float32 [n, F]: all at once while they are few."""
        blocks = Blocks(self.features, which)
        if np.count_nonzero(which) > AT_ONCE:
            return blocks
        parts = list(blocks)
        return parts if len(parts) == 1 else [np.concatenate(parts)]

    def fit(self, which: NDArray[np.bool_], strength: float, start: Layer | None = None) -> Layer:
        """The layer for these rows. For many, it begins at that for a part of them, which saves most of the steps."""
        chosen = np.flatnonzero(which)
        if start is None and len(chosen) > AT_ONCE:
            part = np.zeros_like(which)
            part[chosen[:: -(-len(chosen) // AT_ONCE)]] = True
            start = self.fit(part, strength)
        return regress(self.blocks(which), self.truth[chosen], self.weights[chosen], self.classes, strength, start)

    def loss(self, which: NDArray[np.bool_], layer: Layer) -> float:
        """The weighted log-loss of a layer on these rows."""
        chosen, total, at = np.flatnonzero(which), 0.0, 0
        for block in self.blocks(which):
            rows = chosen[at : (at := at + len(block))]
            total += log_loss(layer.logits(block), self.truth[rows], self.weights[rows, None])[0]
        return total


@dataclass(frozen=True)
class Validated:
    """What cross-validation has found."""

    strength: float
    rows: Rows
    folds: list[NDArray[np.bool_]]  # which rows each holds out
    layers: list[Layer]  # fitted without these

    def each(self, which: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.int64], Floats]]:
        """Block by block some of these rows, and the logits [n, classes] of a layer that has not seen them."""
        for held_out, layer in zip(self.folds, self.layers, strict=True):
            chosen, at = np.flatnonzero(held_out & which), 0
            for block in self.rows.blocks(held_out & which) if len(chosen) else ():
                yield chosen[at : (at := at + len(block))], layer.logits(block)

    def logits(self, which: NDArray[np.bool_]) -> Floats:
        """Those of all of these rows, float32 [n, classes]."""
        found = np.empty((np.count_nonzero(which), self.rows.classes), np.float32)
        place = np.cumsum(which) - 1
        for rows, logits in self.each(which):
            found[place[rows]] = logits
        return found


def validate(rows: Rows, threads: int) -> Validated:
    """Choose the strength of least log-loss, and fit layers that each have not seen a fifth of the rows."""
    folds = held_out_rows(rows.truth)
    looked_at = folds[:1] if len(rows.truth) * rows.classes > _LARGE else folds

    def all_strengths(held_out: NDArray[np.bool_]) -> list[tuple[Layer, float]]:
        found, layer = [], None
        for strength in STRENGTHS:
            layer = rows.fit(~held_out, strength, layer)
            found.append((layer, rows.loss(held_out, layer)))
        return found

    with ThreadPoolExecutor(threads) as pool:
        tried = list(pool.map(all_strengths, looked_at))
        best = int(np.argmin([sum(loss for _, loss in found) for found in zip(*tried, strict=True)]))
        rest = pool.map(lambda held_out: rows.fit(~held_out, STRENGTHS[best]), folds[len(looked_at) :])
        layers = [found[best][0] for found in tried] + list(rest)
    return Validated(STRENGTHS[best], rows, folds, layers)


def held_out_rows(truth: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Which rows each fold holds out: a fifth of each class, the same ones every time."""
    place = np.empty(len(truth), np.int64)
    for label in np.unique(truth):
        rows = np.flatnonzero(truth == label)
        place[np.random.default_rng(0).permutation(rows)] = np.arange(len(rows)) % FOLDS
    return [place == fold for fold in range(FOLDS)]
