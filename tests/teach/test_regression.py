"""The layer is the optimum of its loss."""

import numpy as np

from teach.regression import Layer, regress


def data() -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(3), 40)
    features = (rng.normal(size=(120, 5)) + np.eye(3, 5)[truth] * 2).astype(np.float32)
    return [features], truth, np.ones(120, np.float32)


def loss(layer: Layer, strength: float, weights: np.ndarray | None = None) -> float:
    [features], truth, ones = data()
    weights = ones if weights is None else weights
    logits = layer.logits(features).astype(np.float64)
    logs = logits[np.arange(120), truth] - np.log(np.exp(logits).sum(axis=1))
    return float(-(weights * logs).sum() / weights.sum() + strength / 2 * (layer.kernel**2).sum())


def test_no_layer_nearby_is_better() -> None:
    layer = regress(*data(), 3, 0.1, None)
    best = loss(layer, 0.1)
    rng = np.random.default_rng(1)
    for _ in range(50):
        step = 0.05 * rng.normal(size=(6, 3)).astype(np.float32)
        assert loss(Layer(layer.kernel + step[:5], layer.bias + step[5]), 0.1) > best


def test_where_it_begins_does_not_matter() -> None:
    from_zero = regress(*data(), 3, 0.1, None)
    from_elsewhere = regress(*data(), 3, 0.1, regress(*data(), 3, 1.0, None))
    np.testing.assert_allclose(from_zero.kernel, from_elsewhere.kernel, atol=5e-3)


def test_stronger_holds_the_weights_down() -> None:
    weak, strong = (regress(*data(), 3, strength, None) for strength in (0.01, 1.0))
    assert np.abs(strong.kernel).max() < np.abs(weak.kernel).max() / 3


def test_a_row_without_weight_counts_for_nothing() -> None:
    [features], truth, weights = data()
    weights[:20] = 0
    changed = features.copy()
    changed[:20] *= 100
    one, other = (regress([given], truth, weights, 3, 0.1, None) for given in (features, changed))
    np.testing.assert_allclose(one.kernel, other.kernel, atol=5e-3)
