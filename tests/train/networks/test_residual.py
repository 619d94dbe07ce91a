"""Our residual networks."""

import numpy as np

from train.networks.residual import Shared


def test_none_of_the_classes_is_answered_with_the_least_confidence_there_is() -> None:
    logits = np.array([[0.0, 0, 50], [50, 0, 0], [0, 3, 3]], np.float32)
    chances = np.exp(np.asarray(Shared()(logits)))
    none = np.exp(3) / (2 * np.exp(3) + 1)
    expected = [[0.5, 0.5], [1, 0], [none * np.exp(-3) + none / 2, none + none / 2]]
    assert np.allclose(chances, expected, atol=1e-6)
