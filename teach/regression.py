"""Softmax regression: the linear layer that a head is, fitted to its optimum."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from teach.features import Floats

_MOST_STEPS = 100
# Steps that gain less of the loss than this share are not worth their time: the answers no longer change.
LEAST_GAIN = 1e-5


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread, inside: the matrices are thin, on more it waits for itself, and folds run aside.

    Raises ModelError where what teaching needs is not installed.
    """
    try:
        import scipy.optimize  # noqa: F401 - late: a worker that teaches nothing needs none of it
        from threadpoolctl import threadpool_limits
    except ImportError as error:
        raise ModelError(f"Teaching needs {error.name}, which is not installed here: make setup brings it.") from error
    with threadpool_limits(1):
        yield


class Layer(NamedTuple):
    """Logits = features @ kernel + bias."""

    kernel: Floats  # [features, classes]
    bias: Floats  # [classes]

    def logits(self, features: Floats) -> Floats:
        """Logits float32 [N, classes] of features [N, F]."""
        found: Floats = features @ self.kernel + self.bias
        return found


def regress(
    blocks: Iterable[Floats],
    truth: NDArray[np.int64],
    weights: Floats,
    classes: int,
    strength: float,
    start: Layer | None,
    least_gain: float = LEAST_GAIN,
) -> Layer:
    """The layer with the least weighted mean log-loss plus `strength` / 2 times the sum of the squared kernel.

    `blocks` are features float32 [n, F], N rows in all, and are gone through once for each step; truth int64 [N],
    weights float32 [N]. Begins at `start`, or at zero. L-BFGS (Liu & Nocedal 1989) in 32-bit floats: scikit-learn's
    does the same in 64-bit ones, takes ten times as long on 10,000 photos, and wants all of them in memory.
    """
    from scipy.optimize import minimize  # late, as above

    count = next(iter(blocks)).shape[1]
    share = (weights / weights.sum())[:, None].astype(np.float32)
    begin = start or Layer(np.zeros((count, classes), np.float32), np.zeros(classes, np.float32))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = flat.astype(np.float32).reshape(count + 1, classes)
        layer, gradient = Layer(values[:-1], values[-1]), np.zeros_like(values)
        value, at = 0.0, 0
        for block in blocks:
            rows = slice(at, at := at + len(block))
            part, slope = log_loss(layer.logits(block), truth[rows], share[rows])
            value += part
            gradient += np.vstack([block.T @ slope, slope.sum(axis=0)])
        gradient[:-1] += strength * layer.kernel
        value += strength / 2 * float((layer.kernel**2).sum())
        return value, gradient.ravel().astype(np.float64)

    options = {"maxiter": _MOST_STEPS, "ftol": least_gain, "gtol": 1e-5}
    flat = np.vstack([begin.kernel, begin.bias]).ravel().astype(np.float64)
    found = minimize(loss, flat, jac=True, method="L-BFGS-B", options=options).x
    values = found.astype(np.float32).reshape(count + 1, classes)
    return Layer(values[:-1], values[-1])


def log_loss(logits: Floats, truth: NDArray[np.int64], share: Floats) -> tuple[float, Floats]:
    """The log-loss of these rows, which count `share` [n, 1], and how it changes with their logits [n, classes].

    It works in place: the logits are shifted.
    """
    rows = np.arange(len(truth))
    logits -= logits.max(axis=1, keepdims=True)
    slope = np.exp(logits)
    total = slope.sum(axis=1, keepdims=True)
    value = float((share[:, 0] * (np.log(total[:, 0]) - logits[rows, truth])).sum())
    slope /= total
    slope[rows, truth] -= 1
    slope *= share
    return value, slope
