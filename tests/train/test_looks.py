"""How often, and in which ways, a model looks at one picture."""

import numpy as np
import pytest
from numpy.typing import NDArray

from train.looks import IN_WORDS, Looks, looks

PICTURES: NDArray[np.uint8] = np.random.default_rng(0).integers(0, 256, (2, 6, 8, 3), np.uint8)


def test_one_look_is_the_picture() -> None:
    [(seen, mirrored)] = looks(PICTURES, 1)
    assert np.array_equal(seen, PICTURES)
    assert not mirrored


def test_two_are_the_picture_and_its_mirror_image() -> None:
    (seen, mirrored), (other, other_mirrored) = looks(PICTURES, 2)
    assert np.array_equal(seen, PICTURES)
    assert np.array_equal(other, PICTURES[:, :, ::-1])
    assert (mirrored, other_mirrored) == (False, True)


@pytest.mark.parametrize("count", [1, 2])
def test_they_are_of_the_pictures_size_and_kind_and_said_in_words(count: Looks) -> None:
    found = looks(PICTURES, count)
    assert len(found) == count
    assert {(look.images.shape, np.asarray(look.images).dtype.name) for look in found} == {(PICTURES.shape, "uint8")}
    assert "picture" in IN_WORDS[count]
