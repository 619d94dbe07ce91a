"""Drawn pictures of nothing."""

import numpy as np

from train.trunk import plain


def test_they_are_many_different_ones_and_the_same_each_time() -> None:
    drawn = plain.draw(28, seed=0)
    assert drawn.shape == (28, plain.SIDE, plain.SIDE, 3)
    assert len({picture.tobytes() for picture in drawn}) == 28
    np.testing.assert_array_equal(drawn, plain.draw(28, seed=0))
    assert not np.array_equal(drawn, plain.draw(28, seed=1))


def test_every_seventh_is_one_plain_colour() -> None:
    drawn = plain.draw(14, seed=0)
    assert [bool((picture == picture[0, 0]).all()) for picture in drawn] == [True, *[False] * 6] * 2
