"""Cross-validation: how strongly to hold the weights down, and what a head says of photos that it has not seen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teach.regression import Floats, Layer, regress

FOLDS = 5
# From strong to weak: each fit begins where the one before ended. Best on public folders were .3 to .03.
STRENGTHS = (1.0, 0.3, 0.1, 0.03)
# Above this many rows times classes one fold is enough to choose between the strengths.
_LARGE = 100_000


@dataclass(frozen=True)
class Rows:
    """What is fitted to: one's own photos, and at the end those of none of the labels."""

    features: Floats  # [N, F], scaled
    truth: NDArray[np.int64]  # [N], the last class is none of these
    weights: Floats  # [N]
    classes: int

    def fit(self, which: NDArray[np.bool_], strength: float, start: Layer | None = None) -> Layer:
        """The layer for these rows."""
        chosen = (self.features, self.truth, self.weights)
        if not which.all():
            chosen = (self.features[which], self.truth[which], self.weights[which])
        return regress(*chosen, self.classes, strength, start)


@dataclass(frozen=True)
class Validated:
    """What cross-validation has found."""

    strength: float
    logits: Floats  # [N, classes], of each row by a layer that has not seen it


def validate(rows: Rows, threads: int) -> Validated:
    """Choose the strength of least log-loss, and answer each row by a layer fitted without it."""
    folds = held_out_rows(rows.truth)
    looked_at = folds[:1] if len(rows.truth) * rows.classes > _LARGE else folds

    def all_strengths(held_out: NDArray[np.bool_]) -> list[Floats]:
        found, layer = [], None
        for strength in STRENGTHS:
            layer = rows.fit(~held_out, strength, layer)
            found.append(layer.logits(rows.features[held_out]))
        return found

    with ThreadPoolExecutor(threads) as pool:
        logits = list(pool.map(all_strengths, looked_at))
        losses = [
            sum(_loss(rows, held_out, found[index]) for held_out, found in zip(looked_at, logits, strict=True))
            for index in range(len(STRENGTHS))
        ]
        best = int(np.argmin(losses))

        def one_strength(held_out: NDArray[np.bool_]) -> Floats:
            return rows.fit(~held_out, STRENGTHS[best]).logits(rows.features[held_out])

        answers = [found[best] for found in logits] + list(pool.map(one_strength, folds[len(looked_at) :]))
    every = np.empty((len(rows.truth), rows.classes), np.float32)
    for held_out, found in zip(folds, answers, strict=True):
        every[held_out] = found
    return Validated(STRENGTHS[best], every)


def held_out_rows(truth: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Which rows each fold holds out: a fifth of each class, the same ones every time."""
    place = np.empty(len(truth), np.int64)
    for label in np.unique(truth):
        rows = np.flatnonzero(truth == label)
        place[np.random.default_rng(0).permutation(rows)] = np.arange(len(rows)) % FOLDS
    return [place == fold for fold in range(FOLDS)]


def _loss(rows: Rows, held_out: NDArray[np.bool_], logits: Floats) -> float:
    truth, weights = rows.truth[held_out], rows.weights[held_out]
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(truth)), truth]
    return float((weights * logs).sum())
