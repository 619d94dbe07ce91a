"""Two opinions as one: what the head says, and what the trained tail says among one's own labels.

That a photo shows none of the labels only the head can tell, as the bank holds features of the trunk as it came. So its
chance of *none of these* stays, and the rest is shared out by both.
"""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from teach.calibration import probabilities

Floats = NDArray[np.float32]

_MOST = 4.0  # how much either opinion may be sharpened


class Mixture(NamedTuple):
    """Logits among one's own labels = head * the head's calibrated ones + tail * the tail's."""

    head: float
    tail: float

    @classmethod
    def fitted(cls, of_head: Floats, of_tail: Floats, truth: NDArray[np.int64]) -> Self:
        """The mixture of least log-loss on held-out photos, each label counting the same.

        `of_head` are logits [N, classes + 1], the last none of these; `of_tail` [N, classes]; `truth` int64 [N] is one
        of the classes. With n photos of a label its truth is believed to (n + 1) / (n + 2), as in teach/calibration.py.
        """
        count = np.bincount(truth)[truth]
        classes = of_tail.shape[1]
        believed = np.repeat(1 / (count + 2) / (classes - 1), classes).reshape(len(truth), classes)
        believed[np.arange(len(truth)), truth] = (count + 1) / (count + 2)
        share = 1 / count / len(set(truth.tolist()))

        def loss(values: NDArray[np.float64]) -> float:
            mixed = values[0] * of_head[:, :-1] + values[1] * of_tail
            mixed = mixed - mixed.max(axis=1, keepdims=True)
            logs = mixed - np.log(np.exp(mixed).sum(axis=1, keepdims=True))
            return float(-(share * (believed * logs).sum(axis=1)).sum())

        found = minimize(loss, np.array([0.5, 0.5]), method="L-BFGS-B", bounds=[(0, _MOST), (0, _MOST)]).x
        return cls(float(found[0]), float(found[1]))

    def chances(self, of_head: Floats, of_tail: Floats) -> Floats:
        """Probabilities float32 [N, classes + 1]."""
        none = probabilities(of_head)[:, -1:]
        own = probabilities(self.head * of_head[:, :-1] + self.tail * of_tail)
        return np.concatenate([own * (1 - none), none], axis=1).astype(np.float32)


HEAD_ALONE = Mixture(1.0, 0.0)
