"""The trained blocks are taken only where they are right more often, on the same photos."""

import numpy as np
import pytest

from tests.train.folder.tiny import photos
from train.folder.contest import HeldOut, Outcome, contest, reported
from train.folder.folds import Folds
from train.folder.mixture import HEAD_ALONE, Mixture

PHOTOS = photos({"rose": 40, "tulip": 40}, ("train", "val", "test"))
TRUTH = PHOTOS.examples.truth


def held_out(head: float, tail: float) -> HeldOut:
    """Both are right the more often the less their noise."""
    rng = np.random.default_rng(0)
    of_head = 4 * np.eye(3)[TRUTH] + rng.normal(0, head, (80, 3))
    of_tail = 4 * np.eye(2)[TRUTH] + rng.normal(0, tail, (80, 2))
    of_bank = np.array([[0, 0, 4], [0, 0, 0.5], [3, -3, 1]])
    return HeldOut(of_head.astype("f4"), of_tail.astype("f4"), of_bank.astype("f4"))


def test_a_better_tail_is_taken_and_one_that_adds_nothing_is_not() -> None:
    folds = Folds.of(PHOTOS)
    better = contest(PHOTOS, held_out(head=6, tail=0.1), folds)
    assert better.both_win
    assert better.taken == better.mixture
    same = contest(PHOTOS, held_out(head=0.1, tail=0.1), folds)
    assert not same.both_win
    assert same.taken == HEAD_ALONE


@pytest.mark.parametrize(("by_both", "wins"), [(90, True), (89, False), (88, False)])
def test_it_has_to_be_right_more_often(by_both: int, wins: bool) -> None:
    outcome = Outcome(100, 89, by_both, Mixture(0.5, 0.5))
    assert outcome.both_win is wins
    assert str(outcome) == f"of 100 held-out photos the head is right for 89, with the trained blocks for {by_both}"


def test_only_the_photos_that_choose_are_counted() -> None:
    assert contest(PHOTOS, held_out(1, 1), Folds.of(PHOTOS)).photos == sum(part == "val" for part in PHOTOS.parts)


def test_the_figures_are_of_the_photos_that_measure() -> None:
    below, report = reported(PHOTOS, held_out(2, 0.1), Mixture(0.2, 1), Folds.of(PHOTOS))
    assert report.accuracy["n"] == sum(part == "test" for part in PHOTOS.parts)
    assert report.accuracy["value"] > 0.9
    assert 0.4 < below < 1


def test_of_the_bank_the_least_that_is_none_of_these_is_told() -> None:
    _, report = reported(PHOTOS, held_out(2, 0.1), Mixture(0.2, 1), Folds.of(PHOTOS))
    # The second has none of these at .45: the tail may give a label all of the rest.
    assert report.none_of_these["bank"]["value"] == pytest.approx(1 / 3, abs=1e-3)
