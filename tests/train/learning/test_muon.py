"""Muon: the step of a convolution's kernel is orthogonal, that of biases and of the logits is Adam's."""

import keras
import numpy as np

from train.learning.muon import Muon, NormalizedMuon


def _changes(kernel: tuple[int, ...], name: str = "convolution") -> np.ndarray:
    """How one step with a random gradient changes a variable of zeros; the learning rate is 1."""
    variable = keras.Variable(np.zeros(kernel, np.float32), name=name)
    optimizer = Muon(learning_rate=1.0, weight_decay=0.0)
    optimizer.build([variable])
    gradient = np.random.default_rng(0).normal(size=kernel).astype(np.float32)
    optimizer.apply([keras.ops.convert_to_tensor(gradient)])
    return np.asarray(variable)


def test_a_kernels_step_is_orthogonal() -> None:
    step = _changes((3, 3, 8, 16)).reshape(72, 16)
    lengths = np.linalg.svd(step, compute_uv=False) / (0.2 * np.sqrt(72))
    assert lengths.min() > 0.6  # five iterations bring every singular value near 1, not to it
    assert lengths.max() < 1.3


def test_a_bias_and_the_logits_take_adams_step() -> None:
    assert np.allclose(np.abs(_changes((16,))), 1.0, atol=1e-3)
    assert np.allclose(np.abs(_changes((8, 4), "logits")), 1.0, atol=1e-3)


def test_a_normalized_kernel_keeps_the_norm_of_an_orthogonal_one() -> None:
    rng = np.random.default_rng(0)
    before = rng.normal(size=(3, 3, 8, 16)).astype(np.float32)
    before /= np.linalg.norm(before)
    kernel = keras.Variable(4 * before, name="convolution")
    optimizer = NormalizedMuon(learning_rate=0.2)
    optimizer.build([kernel])
    optimizer.apply([keras.ops.convert_to_tensor(rng.normal(size=kernel.shape).astype(np.float32))])
    assert np.isclose(np.linalg.norm(kernel), 4.0, atol=1e-4)  # the root of 16 filters
    assert 0.9 < (before * np.asarray(kernel)).sum() / 4 < 0.99, "turned by about a fifth of its length"
