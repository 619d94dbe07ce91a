"""Logits of photos that a head has not seen -> what turns its logits into probabilities that can be believed.

With eight photos told apart perfectly, the likeliest temperature is zero, and every answer would be given as certain.
So the truth is taken for as uncertain as its count leaves it: with N photos of a label, (N + 1) / (N + 2) (Platt 1999).
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from teach.features import Floats

# From four times as sharp to four times as flat; the logits of a fit are seldom off by more than two.
_TEMPERATURES = (0.25, 4.0)
_MOST_SHIFT = 4.0
# An answer is called unsure below the confidence from which on this share is right ...
_RIGHT = 0.95
# ... but not more than this share of one's own photos: a model that is often wrong would say nothing else.
_MOST_UNSURE = 0.1
_LEAST_SURE = 0.5


class Calibration(NamedTuple):
    """Calibrated logits = logits / temperature, plus `shift` on the last class, none of these."""

    temperature: float
    shift: float

    def apply(self, logits: Floats) -> Floats:
        """Calibrated logits float32 [N, classes]."""
        scaled: Floats = (logits / np.float32(self.temperature)).astype(np.float32)
        scaled[:, -1] += np.float32(self.shift)
        return scaled


def probabilities(logits: Floats) -> Floats:
    """Softmax of logits [N, classes]."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = shares / shares.sum(axis=1, keepdims=True)
    return found


class Answers(NamedTuple):
    """What N photos are taken for."""

    classes: NDArray[np.int64]  # [N]
    confidence: Floats  # [N]

    @classmethod
    def of(cls, chances: Floats) -> Self:
        """The likeliest class of each, from chances [N, classes]."""
        return cls(chances.argmax(axis=1), chances.max(axis=1))

    def only(self, rows: NDArray[np.bool_] | slice) -> Self:
        """Those of some of the photos."""
        return type(self)(self.classes[rows], self.confidence[rows])


def calibrate(logits: Floats, truth: NDArray[np.int64], weights: Floats) -> Calibration:
    """Temperature and shift of the least log-loss (Guo 2017; with a shift, Alexandari 2020).

    logits float32 [N, classes] of rows that the layer has not seen, truth int64 [N], weights float32 [N].
    """
    from scipy.optimize import minimize  # late, as in regression.py

    rows = np.arange(len(truth))
    count = np.bincount(truth, minlength=logits.shape[1])[truth]
    believed = np.zeros(logits.shape, np.float64)
    believed[:] = (1 / (count + 2) / (logits.shape[1] - 1))[:, None]
    believed[rows, truth] = (count + 1) / (count + 2)
    share = weights / weights.sum()

    def loss(values: NDArray[np.float64]) -> float:
        scaled = logits / np.exp(values[0])
        scaled[:, -1] += values[1]
        scaled -= scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-(share * (believed * logs).sum(axis=1)).sum())

    low, high = np.log(_TEMPERATURES)
    bounds = [(low, high), (-_MOST_SHIFT, _MOST_SHIFT)]
    found = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=bounds).x
    return Calibration(float(np.exp(found[0])), float(found[1]))


def unsure_below(confidence: Floats, right: NDArray[np.bool_]) -> float:
    """The confidence below which answers are called unsure, from that in those for one's own photos, [N]."""
    order = np.argsort(-confidence, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= _RIGHT)
    needed = float(confidence[order[enough[-1]]]) if len(enough) else 1.0
    if len(enough) == len(order):
        needed = _LEAST_SURE
    return round(min(max(needed, _LEAST_SURE), float(np.quantile(confidence, _MOST_UNSURE))), 4)
