"""Each picture holds a rectangle of another one, and its label says how large that is."""

import numpy as np
from numpy.typing import NDArray

from train.learning.cutmix import CutMix

COUNT, SIDE = 60, 16
# Each picture is of one grey, its own number, so that a mixed one tells what it was made from.
PICTURES: NDArray[np.uint8] = np.arange(COUNT, dtype=np.uint8)[:, None, None, None].repeat(SIDE, 1).repeat(SIDE, 2)
LABELS = np.eye(COUNT, dtype=np.float32)


def batches(share: float, done: int = 0) -> list[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    data = CutMix(PICTURES, LABELS, 16, share, seed=3, done=done)
    return [data[number] for number in range(len(data))]


def test_a_label_is_the_share_of_the_picture_that_shows_it() -> None:
    mixed = 0
    for images, labels in batches(share=1.0):
        seen = np.stack([np.bincount(image.ravel(), minlength=COUNT) / SIDE**2 for image in images])
        assert np.allclose(seen, labels, atol=1e-6)
        mixed += int(((labels > 0).sum(axis=1) == 2).sum())
    assert mixed > COUNT / 2


def test_every_picture_is_shown_once_an_epoch_and_the_last_batch_is_smaller() -> None:
    found = batches(share=0.0)
    assert [len(images) for images, _ in found] == [16, 16, 16, 12]
    assert sorted(np.concatenate([labels.argmax(axis=1) for _, labels in found])) == list(range(COUNT))


def test_as_many_batches_are_mixed_as_is_said() -> None:
    many = CutMix(PICTURES.repeat(20, 0), LABELS.repeat(20, 0), 4, 0.3, seed=0, done=0)
    mixed = np.mean([(many[number][1].max(axis=1) < 1).any() for number in range(len(many))])
    assert 0.2 < mixed < 0.4


def test_each_epoch_has_another_order_and_an_interrupted_run_goes_on_with_its_own() -> None:
    data = CutMix(PICTURES, LABELS, 16, 1.0, seed=3, done=0)
    first = data[0][0]
    data.on_epoch_end()
    second = data[0][0]
    assert not np.array_equal(first, second)
    assert np.array_equal(second, batches(share=1.0, done=1)[0][0])


def test_the_pictures_themselves_stay_as_they_are() -> None:
    before = PICTURES.copy()
    batches(share=1.0)
    assert np.array_equal(PICTURES, before)
