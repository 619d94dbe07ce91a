"""Softmax regression: the linear layer that a head is, fitted to its optimum."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError

Floats = NDArray[np.float32]

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
    features: Floats,
    truth: NDArray[np.int64],
    weights: Floats,
    classes: int,
    strength: float,
    start: Layer | None,
    least_gain: float = LEAST_GAIN,
) -> Layer:
    """The layer with the least weighted mean log-loss plus `strength` / 2 times the sum of the squared kernel.

    features float32 [N, F], truth int64 [N], weights float32 [N]. Begins at `start`, or at zero. L-BFGS (Liu & Nocedal
    1989) in 32-bit floats: scikit-learn's does the same in 64-bit ones and takes ten times as long on 10,000 photos.
    """
    from scipy.optimize import minimize  # late, as above

    rows, (_, count) = np.arange(len(truth)), features.shape
    share = (weights / weights.sum())[:, None].astype(np.float32)
    begin = start or Layer(np.zeros((count, classes), np.float32), np.zeros(classes, np.float32))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        values = flat.astype(np.float32).reshape(count + 1, classes)
        kernel, bias = values[:-1], values[-1]
        logits = features @ kernel + bias
        logits -= logits.max(axis=1, keepdims=True)
        slope = np.exp(logits)
        total = slope.sum(axis=1, keepdims=True)
        value = float((share[:, 0] * (np.log(total[:, 0]) - logits[rows, truth])).sum())
        slope /= total
        slope[rows, truth] -= 1
        slope *= share
        gradient = np.vstack([features.T @ slope + strength * kernel, slope.sum(axis=0)])
        return value + strength / 2 * float((kernel**2).sum()), gradient.ravel().astype(np.float64)

    options = {"maxiter": _MOST_STEPS, "ftol": least_gain, "gtol": 1e-5}
    flat = np.vstack([begin.kernel, begin.bias]).ravel().astype(np.float64)
    found = minimize(loss, flat, jac=True, method="L-BFGS-B", options=options).x
    values = found.astype(np.float32).reshape(count + 1, classes)
    return Layer(values[:-1], values[-1])
