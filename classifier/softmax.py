"""Logits to probabilities."""

import numpy as np
from numpy.typing import NDArray


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities float32 [..., C] of logits [..., C]; those of each row sum to 1."""
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    found: NDArray[np.float32] = odds / odds.sum(axis=-1, keepdims=True)
    return found
