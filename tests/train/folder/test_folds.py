"""Every photo is held out once; a split is kept to."""

import numpy as np
import pytest

from teach.lesson import CROSS_VALIDATED
from tests.train.folder.tiny import photos
from train.folder.folds import Folds


def test_without_a_split_each_photo_is_held_out_once_and_all_are_learnt_in_the_end() -> None:
    some = photos({"rose": 20, "tulip": 13})
    folds = Folds.of(some)
    assert np.sum(folds.held_out, axis=0).tolist() == [1] * 33
    for rows in folds.held_out:
        assert sorted(np.bincount(some.examples.truth[rows])) in ([2, 4], [3, 4])
    assert folds.choosing.all()
    assert folds.measuring.all()
    assert len(folds.learnt(some.examples)) == 33
    assert folds.told == CROSS_VALIDATED


def test_of_a_split_validation_chooses_test_measures_and_neither_is_learnt() -> None:
    some = photos({"rose": 30, "tulip": 30}, ("train", "valid", "test"))
    folds = Folds.of(some)
    [held_out] = folds.held_out
    parts = np.array(some.parts)
    assert set(parts[folds.choosing]) == {"valid"}
    assert set(parts[folds.measuring]) == {"test"}
    assert (held_out == (parts != "train")).all()
    assert len(folds.learnt(some.examples)) == 20
    assert all(name.startswith("train") for name in folds.learnt(some.examples).names)
    assert "only those for training" in folds.told


@pytest.mark.parametrize("other", ["val", "test"])
def test_of_two_parts_the_other_chooses_and_measures(other: str) -> None:
    folds = Folds.of(photos({"rose": 30, "tulip": 30}, ("training", other)))
    assert (folds.choosing == folds.measuring).all()
    assert folds.choosing.sum() == 30
