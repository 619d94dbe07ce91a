"""Cross-validation: no row is answered by a layer that has seen it."""

from typing import Any

import numpy as np
import pytest

from teach import features, validation
from teach.regression import Layer
from teach.validation import FOLDS, STRENGTHS, Rows, held_out_rows, validate

TRUTH = np.array([0] * 20 + [1] * 10 + [2] * 7)


def rows(noise: float = 1.0, useful: bool = True) -> Rows:
    """Each class in a direction of its own, or all in none."""
    rng = np.random.default_rng(0)
    features = rng.normal(scale=noise, size=(len(TRUTH), 6)).astype(np.float32)
    if useful:
        features[np.arange(len(TRUTH)), TRUTH] += 3
    return Rows(features, TRUTH, np.ones(len(TRUTH), np.float32), 3)


def test_each_row_is_held_out_once_and_each_class_spread_over_the_folds() -> None:
    folds = held_out_rows(TRUTH)
    assert len(folds) == FOLDS
    assert (np.sum(folds, axis=0) == 1).all()
    assert [[int((TRUTH[fold] == label).sum()) for fold in folds] for label in range(3)] == [
        [4, 4, 4, 4, 4],
        [2, 2, 2, 2, 2],
        [2, 2, 1, 1, 1],
    ]
    assert all((one == other).all() for one, other in zip(folds, held_out_rows(TRUTH), strict=True))


@pytest.mark.parametrize("large", [0, 100_000])
def test_each_row_is_answered_by_a_layer_that_was_fitted_without_it(
    monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    """Also where one fold is enough to choose the strength, as of many rows."""
    monkeypatch.setattr(validation, "_LARGE", large)
    fitted: list[tuple[np.ndarray, float, Layer]] = []
    fit = Rows.fit

    def noted(self: Rows, which: np.ndarray, strength: float, start: Layer | None = None) -> Layer:
        layer = fit(self, which, strength, start)
        fitted.append((which, strength, layer))
        return layer

    monkeypatch.setattr(Rows, "fit", noted)
    given = rows()
    found = validate(given, threads=2)
    layers = [(which, layer) for which, strength, layer in fitted if strength == found.strength]
    assert len(layers) == FOLDS
    logits = found.logits(np.ones(len(TRUTH), np.bool_))
    for which, layer in layers:
        np.testing.assert_array_equal(logits[~which], layer.logits(given.features[~which]))
    assert len(fitted) == (len(STRENGTHS) * FOLDS if large else len(STRENGTHS) + FOLDS - 1)


def test_many_rows_are_fitted_block_by_block_to_the_same_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(900) % 3
    values = (rng.normal(size=(900, 12)) + np.eye(3, 12)[truth]).astype(np.float32)
    given, which = Rows(values, truth, rng.uniform(0.5, 2, 900).astype(np.float32), 3), np.arange(900) % 5 > 0
    at_once, loss = given.fit(which, 0.1), given.loss(~which, given.fit(which, 0.1))
    monkeypatch.setattr(validation, "AT_ONCE", 100)
    monkeypatch.setattr(features, "BLOCK", 64)
    assert max(map(len, given.blocks(which))) <= 64
    by_block = given.fit(which, 0.1)
    np.testing.assert_allclose(by_block.kernel, at_once.kernel, atol=5e-3)
    np.testing.assert_allclose(by_block.bias, at_once.bias, atol=5e-3)
    assert given.loss(~which, by_block) == pytest.approx(loss, rel=1e-3)


def test_a_fit_to_many_rows_begins_at_that_to_a_part_of_those_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "AT_ONCE", 10)
    begun: list[tuple[int, bool]] = []

    def noted(blocks: Any, truth: np.ndarray, *rest: Any) -> Layer:
        begun.append((len(truth), rest[-1] is not None))
        return Layer(np.zeros((6, 3), np.float32), np.zeros(3, np.float32))

    monkeypatch.setattr(validation, "regress", noted)
    rows().fit(TRUTH > 0, 0.1)
    rows().fit(TRUTH > 0, 0.03, Layer(np.zeros((6, 3), np.float32), np.zeros(3, np.float32)))
    assert begun == [(9, False), (17, True), (17, True)]


def test_weights_are_held_down_the_more_the_less_the_features_tell() -> None:
    assert validate(rows(useful=False), threads=1).strength == max(STRENGTHS)
    assert validate(rows(noise=0.1), threads=1).strength == min(STRENGTHS)


def test_a_row_of_no_weight_chooses_nothing() -> None:
    """Its features say another class than its label does."""
    given = rows(noise=0.1)
    wrong = given.truth.copy()
    wrong[:10] = 1
    weights = given.weights.copy()
    weights[:10] = 0
    assert validate(Rows(given.features, wrong, weights, 3), threads=1).strength == min(STRENGTHS)
