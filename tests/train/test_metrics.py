"""The figures on a card, against values worked out by hand or published."""

import numpy as np
import pytest

from train import metrics


def test_one_logit_becomes_two_probabilities() -> None:
    chances = metrics.probabilities(np.array([[0.0], [np.log(3)]]))
    assert np.allclose(chances, [[0.5, 0.5], [0.25, 0.75]])


def test_a_higher_temperature_is_less_certain() -> None:
    logits = np.array([[1.0, 2.0, 4.0]])
    assert metrics.probabilities(logits, 2.0).max() < metrics.probabilities(logits).max()


def test_huge_logits_do_not_overflow() -> None:
    assert np.isfinite(metrics.probabilities(np.array([[1e4], [-1e4]]))).all()


def test_interval_is_wilsons() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263 gives 0.2553 to 0.3662.
    low, high = metrics.interval(81, 263)
    assert (low, high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


def test_interval_of_all_right_stays_within_one() -> None:
    low, high = metrics.interval(20, 20)
    assert 0.8 < low < 1
    assert high == pytest.approx(1)


def test_calibration_error_of_a_sure_and_half_right_model_is_a_half() -> None:
    chances = np.array([[1.0, 0.0]] * 10)
    assert metrics.calibration_error(chances, np.array([0, 1] * 5)) == pytest.approx(0.5)


def test_calibration_error_of_true_chances_is_small() -> None:
    rng = np.random.default_rng(0)
    chance = rng.uniform(0, 1, 20_000)
    labels = (rng.uniform(0, 1, 20_000) < chance).astype(np.int64)
    assert metrics.calibration_error(np.stack([1 - chance, chance], 1), labels) < 0.01


def test_fit_temperature_finds_the_temperature_that_labels_were_drawn_with() -> None:
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 4, (20_000, 1))
    labels = (rng.uniform(0, 1, 20_000) < metrics.probabilities(logits, 2.5)[:, 1]).astype(np.int64)
    assert metrics.fit_temperature(logits, labels) == pytest.approx(2.5, rel=0.05)


def test_unsure_below_leaves_out_its_share() -> None:
    confidence = np.linspace(0.5, 1, 1_001)
    threshold = metrics.unsure_below(np.stack([confidence, 1 - confidence], 1))
    assert (confidence < threshold).mean() == pytest.approx(metrics.UNSURE_SHARE, abs=0.002)


def test_confusion_counts_truth_by_row_and_answer_by_column() -> None:
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    assert metrics.confusion(chances, np.array([0, 0, 1])).tolist() == [[1, 1], [0, 1]]


def test_mixed_up_names_the_largest_mistakes_first_and_no_more_than_there_are() -> None:
    counts = np.array([[7, 3, 0], [1, 9, 0], [0, 0, 4]])
    assert metrics.mixed_up(counts, ("cat", "dog", "frog")) == [
        {"truth": "cat", "answer": "dog", "count": 3, "of": 10},
        {"truth": "dog", "answer": "cat", "count": 1, "of": 10},
    ]
    assert len(metrics.mixed_up(counts, ("cat", "dog", "frog"), most=1)) == 1


def test_metrics_of_a_perfect_model() -> None:
    labels = np.array([0, 1, 2, 1])
    figures = metrics.metrics(np.eye(3)[labels], labels)
    assert figures["accuracy"]["value"] == 1
    assert figures["accuracy"]["n"] == 4
    assert figures["auc"] == 1
    assert figures["loss"] == pytest.approx(0)


def test_unsure_counts_what_lies_below_the_threshold_on_either_side() -> None:
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.55, 0.45], [0.01, 0.99]])
    of_none = np.array([[0.5, 0.5], [0.4, 0.6], [0.45, 0.55], [0.58, 0.42]])
    found = metrics.unsure(chances, of_none, below=0.58)
    # Exactly at the threshold is not below it. Of the 16 pairs all but (0.55, 0.6) and (0.55, 0.58) have the picture of
    # none below the other, and one is a tie.
    assert found == {"of_test": 0.25, "of_none": 0.5, "n_none": 4, "auroc": 0.8438}


def test_an_answer_of_exactly_the_threshold_is_sure() -> None:
    chances = np.array([[0.6, 0.4], [0.59, 0.41]])
    found = metrics.unsure(chances, chances, below=0.6)
    assert (found["of_test"], found["of_none"]) == (0.5, 0.5)


def test_unsure_of_none_is_the_share_below_and_not_above() -> None:
    of_none = np.array([[0.5, 0.5], [0.45, 0.55], [0.1, 0.9]])
    assert metrics.unsure(np.array([[0.2, 0.8]]), of_none, below=0.6)["of_none"] == 0.6667


def test_equal_confidence_says_nothing_of_which_is_which() -> None:
    same = np.array([[0.7, 0.3]] * 3)
    assert metrics.unsure(same, same, below=0.5)["auroc"] == 0.5


def test_full_confidence_is_in_the_bin_of_what_is_nearly_full() -> None:
    chances = np.array([[1.0, 0.0], [0.95, 0.05]])
    assert metrics.calibration_error(chances, np.array([1, 0])) == pytest.approx((1 - 0.05) / 2)


def test_calibration_error_by_weight() -> None:
    chances = np.array([[1.0, 0.0]] * 4)
    labels = np.array([0, 0, 0, 1])
    assert metrics.calibration_error(chances, labels) == pytest.approx(0.25)
    assert metrics.calibration_error(chances, labels, metrics.balanced(labels)) == pytest.approx(0.5)


def test_balanced_weights_give_each_class_that_is_there_the_same() -> None:
    weights = metrics.balanced(np.array([0, 0, 0, 2]))
    assert weights.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])


def test_balanced_accuracy_is_the_mean_of_the_recalls() -> None:
    chances = np.eye(2)[[0] * 90 + [1] * 10 + [1] * 5 + [0] * 5]
    labels = np.array([0] * 100 + [1] * 10)
    found = metrics.balanced_accuracy(chances, labels)
    assert (found["value"], found["n"]) == (0.7, 110)
    # Of (.03 squared + .158 squared) / 4 is the variance of 32 plain answers.
    assert (found["low"], found["high"]) == pytest.approx(metrics.interval(0.7 * 32.432, 32.432), abs=1e-3)


def test_balanced_classes_have_the_plain_interval() -> None:
    chances = np.eye(2)[[0] * 80 + [1] * 20 + [1] * 80 + [0] * 20]
    found = metrics.balanced_accuracy(chances, np.repeat([0, 1], 100))
    assert (found["low"], found["high"]) == pytest.approx(metrics.interval(160, 200), abs=1e-4)


def test_balanced_accuracy_of_all_right_has_an_interval_too() -> None:
    found = metrics.balanced_accuracy(np.eye(2)[[0, 0, 1]], np.array([0, 0, 1]))
    assert found["value"] == 1
    assert found["low"] < 0.5
