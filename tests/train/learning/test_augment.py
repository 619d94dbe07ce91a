"""Random changes to pictures: off when serving, one affine map when training, the same again from the same seed."""

import numpy as np
import pytest
from numpy.typing import NDArray

from train.learning.augment import Augment
from train.schedule import Augmentation


@pytest.fixture
def pictures() -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (8, 12, 16, 3), np.uint8)


def test_leaves_pictures_alone_outside_training(pictures: NDArray[np.uint8]) -> None:
    layer = Augment(Augmentation(flip=True, rotation=30, light=0.5), seed=0)
    assert np.array_equal(np.asarray(layer(pictures, training=False)), pictures)


def test_flip_gives_each_picture_or_its_mirror_image(pictures: NDArray[np.uint8]) -> None:
    changed = np.asarray(Augment(Augmentation(flip=True), seed=0)(pictures, training=True))
    mirrored = [np.allclose(after, before[:, ::-1], atol=0.01) for before, after in zip(pictures, changed, strict=True)]
    kept = [np.allclose(after, before, atol=0.01) for before, after in zip(pictures, changed, strict=True)]
    assert all(a or b for a, b in zip(mirrored, kept, strict=True))
    assert any(mirrored)
    assert any(kept)


def test_a_picture_that_is_shifted_stays_as_sharp_as_it_was(pictures: NDArray[np.uint8]) -> None:
    """By whole pixels: sampled between two of them it would be softer than any that the network is asked about."""
    changed = np.asarray(Augment(Augmentation(shift=0.25), seed=0)(pictures, training=True))
    rows, columns = (np.arange(side) for side in pictures.shape[1:3])
    for before, after in zip(pictures, changed, strict=True):
        ways = [(down, right) for down in range(-3, 4) for right in range(-4, 5)]
        moved = [before[(rows + y).clip(0, 11)][:, (columns + x).clip(0, 15)] for y, x in ways]
        assert any(np.array_equal(after, way) for way in moved)


@pytest.mark.parametrize("change", ["rotation", "shift", "zoom", "aspect", "shear", "light"])
def test_each_amount_changes_pictures_within_their_range(change: str, pictures: NDArray[np.uint8]) -> None:
    changed = np.asarray(Augment(Augmentation(**{change: 0.3}), seed=0)(pictures, training=True))
    assert changed.shape == pictures.shape
    assert not np.allclose(changed, pictures)
    assert changed.min() >= 0
    assert changed.max() <= 255.001


def test_light_leaves_the_mean_colour_balance_when_only_contrast_moves() -> None:
    grey = np.full((4, 8, 8, 3), 100, np.uint8)
    changed = np.asarray(Augment(Augmentation(light=0.2), seed=1)(grey, training=True))
    assert np.allclose(changed, changed[:, :1, :1, :1])  # a flat grey picture stays flat and grey
    assert changed.min() >= 79.9
    assert changed.max() <= 120.1


def test_a_square_is_made_grey() -> None:
    white = np.full((256, 16, 16, 3), 255, np.uint8)
    changed = np.asarray(Augment(Augmentation(erase=0.25), seed=1)(white, training=True))
    hidden = (changed == 128).all(axis=-1)
    assert set(np.unique(changed)) == {128, 255}
    assert hidden.sum(axis=(1, 2)).max() == 16  # a quarter of 16 pixels, squared
    assert hidden.sum(axis=(1, 2)).min() >= 4  # at a corner half of each side lies outside
    assert hidden.any(axis=0).all(), "every place at some time"


def test_a_seed_gives_the_same_changes_again(pictures: NDArray[np.uint8]) -> None:
    first, again, other = (
        np.asarray(Augment(Augmentation(rotation=20, zoom=0.2), seed=seed)(pictures, training=True))
        for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
