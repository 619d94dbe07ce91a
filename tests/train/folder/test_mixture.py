"""Head and tail together: each counts as far as it is right, and none of these stays the head's."""

import numpy as np

from teach.calibration import probabilities
from train.folder.mixture import HEAD_ALONE, Mixture

TRUTH = np.arange(300) % 3


def says(truth: np.ndarray, noise: float, classes: int, seed: int = 0) -> np.ndarray:
    """Logits of someone who is right the more often the less the noise."""
    return (4 * np.eye(classes)[truth] + np.random.default_rng(seed).normal(0, noise, (len(truth), classes))).astype(
        "f4"
    )


def test_who_is_right_counts_and_who_guesses_does_not() -> None:
    guess, sure = np.random.default_rng(9).normal(size=(300, 4)).astype("f4"), says(TRUTH, 2, 3)
    assert Mixture.fitted(guess, sure, TRUTH).head < 0.2 < Mixture.fitted(guess, sure, TRUTH).tail
    tail_guesses = Mixture.fitted(says(TRUTH, 2, 4), guess[:, :3], TRUTH)
    assert tail_guesses.tail < 0.2 < tail_guesses.head


def test_two_opinions_are_right_more_often_than_either() -> None:
    head, tail = says(TRUTH, 3.5, 4, seed=1), says(TRUTH, 3.5, 3, seed=2)
    head[:, -1] = -20  # all are sure that it is one of the three
    both = Mixture.fitted(head, tail, TRUTH).chances(head, tail).argmax(axis=1)
    assert (both == TRUTH).mean() > max((one[:, :3].argmax(axis=1) == TRUTH).mean() for one in (head, tail)) + 0.03


def test_none_of_these_is_what_the_head_says() -> None:
    head, tail = says(TRUTH, 3, 4), says(TRUTH, 3, 3)
    chances = Mixture(0.7, 2.0).chances(head, tail)
    np.testing.assert_allclose(chances[:, -1], probabilities(head)[:, -1], rtol=1e-5)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)


def test_the_head_alone_answers_as_it_does_alone() -> None:
    head = says(TRUTH, 3, 4)
    np.testing.assert_allclose(HEAD_ALONE.chances(head, says(TRUTH, 1, 3)), probabilities(head), atol=1e-6)


def test_few_photos_told_apart_perfectly_are_not_certain() -> None:
    truth = np.array([0, 1] * 4)
    head, tail = 10 * np.eye(3, dtype="f4")[truth], 10 * np.eye(2, dtype="f4")[truth]
    assert Mixture.fitted(head, tail, truth).chances(head, tail).max() < 0.9
