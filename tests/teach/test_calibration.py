"""Probabilities can be believed, also those of a head that has seen eight photos."""

import numpy as np
import pytest

from teach.calibration import calibrate, probabilities, unsure_below


def logits(truth: np.ndarray, margin: float, wrong: int = 0) -> np.ndarray:
    given = truth.copy()
    given[:wrong] = (given[:wrong] + 1) % 2
    return (np.eye(3)[given] * margin).astype(np.float32)


def test_the_temperature_undoes_a_scale() -> None:
    rng = np.random.default_rng(0)
    believed = rng.normal(size=(3000, 3)).astype(np.float32) * 2
    chances = probabilities(believed)
    truth = np.array([rng.choice(3, p=row / row.sum()) for row in chances.astype(np.float64)])
    found = calibrate(believed * 3, truth, np.ones(3000, np.float32))
    assert found.temperature == pytest.approx(3, rel=0.1)
    assert found.shift == pytest.approx(0, abs=0.2)


def test_the_shift_undoes_that_of_none_of_these() -> None:
    rng = np.random.default_rng(0)
    believed = rng.normal(size=(3000, 3)).astype(np.float32) * 2
    truth = np.array([rng.choice(3, p=row / row.sum()) for row in probabilities(believed).astype(np.float64)])
    believed[:, -1] += 1.5
    assert calibrate(believed, truth, np.ones(3000, np.float32)).shift == pytest.approx(-1.5, abs=0.2)


@pytest.mark.parametrize(("photos", "most"), [(4, 0.9), (100, 0.995)])
def test_a_perfect_separation_is_believed_as_far_as_its_photos_go(photos: int, most: float) -> None:
    truth = np.repeat([0, 1], photos)
    found = calibrate(logits(truth, 30), truth, np.ones(2 * photos, np.float32))
    confidence = probabilities(found.apply(logits(truth, 30))).max(axis=1)
    assert confidence.max() < 1 - 0.1 / (photos + 2)
    assert found.temperature == pytest.approx(4), "the margin is far beyond what the bound lets through"
    smaller = calibrate(logits(truth, 3), truth, np.ones(2 * photos, np.float32))
    assert probabilities(smaller.apply(logits(truth, 3))).max() < most


def test_right_answers_are_not_called_unsure_where_all_were_right() -> None:
    chances = np.array([[0.9, 0.1]] * 8, np.float32)
    assert unsure_below(chances.max(axis=1), np.ones(8, np.bool_)) == 0.5


def test_unsure_is_where_wrong_answers_are() -> None:
    sure, wrong = np.array([[0.99, 0.01]] * 90), np.array([[0.6, 0.4]] * 5)
    right = np.array([True] * 90 + [False] * 5)
    below = unsure_below(np.vstack([sure, wrong]).max(axis=1).astype(np.float32), right)
    assert 0.6 <= below <= 0.99
    assert below > 0.5


def test_no_more_than_a_tenth_is_called_unsure_of_a_model_that_is_often_wrong() -> None:
    rng = np.random.default_rng(0)
    first = rng.uniform(0.5, 1, 1000).astype(np.float32)
    below = unsure_below(first, rng.random(1000) < 0.6)
    assert (first < below).mean() == pytest.approx(0.1, abs=0.01)
