"""One photo twice counts once; under two labels it does not count at all."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from teach import copies as module
from teach.copies import are_copies, find_copies
from teach.embedding import Embedding, difference_hash
from teach.examples import Example, Examples
from tests.classifier.pictures import scene
from tests.teach import features
from tests.teach.features import example

MEAN = features.bank().astype(np.float32).mean(axis=0)


def flipped(one: Example, bits: int, label: str, name: str) -> Example:
    """The photo saved again: some bits of its hash differ."""
    value = int.from_bytes(one.embedding.hash) ^ ((1 << bits) - 1)
    return Example(label, name, Embedding(one.embedding.features, value.to_bytes(32)))


def names(examples: Examples, rows: dict[int, int]) -> dict[str, str]:
    return {examples.names[row]: examples.names[other] for row, other in rows.items()}


@pytest.mark.parametrize(("bits", "found"), [(0, True), (16, True), (17, False)])
def test_a_copy_within_a_label_counts_once(bits: int, found: bool) -> None:
    one = example("rose", 0, 0, name="a.jpg")
    examples = Examples.of([one, example("rose", 0, 1), flipped(one, bits, "rose", "b.jpg")])
    copies = find_copies(examples, MEAN)
    assert bool(copies.within) is found
    assert not copies.across
    if found:
        assert set(names(examples, copies.within)) | set(names(examples, copies.within).values()) == {"a.jpg", "b.jpg"}


def test_a_photo_under_two_labels_is_set_aside_with_all_its_copies() -> None:
    one = example("rose", 0, 0, name="a.jpg")
    others = [example("rose", 0, 1), example("tulip", 1, 1)]
    examples = Examples.of([one, flipped(one, 4, "tulip", "b.jpg"), flipped(one, 9, "rose", "c.jpg"), *others])
    copies = find_copies(examples, MEAN)
    assert set(names(examples, copies.across)) == {"a.jpg", "b.jpg", "c.jpg"}
    assert not copies.within


def test_pictures_whose_ground_is_alike_are_none() -> None:
    one, other = example("rose", 0, 0), example("rose", 7, 0)
    same_hash = Example("rose", "b.jpg", Embedding(other.embedding.features, one.embedding.hash))
    assert not find_copies(Examples.of([one, same_hash]), MEAN).within
    assert not are_copies(one.embedding, same_hash.embedding, MEAN)


def distance(one: Image.Image, other: Image.Image) -> int:
    return (int.from_bytes(difference_hash(one)) ^ int.from_bytes(difference_hash(other))).bit_count()


def test_the_hash_stays_when_a_photo_is_made_smaller_or_blurred() -> None:
    photo = scene(640, 480).filter(ImageFilter.GaussianBlur(2))
    assert distance(photo, photo.resize((320, 240))) <= 16
    assert distance(photo, photo.filter(ImageFilter.GaussianBlur(3))) <= 16
    assert distance(photo, photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 16


@pytest.mark.parametrize("plain", [0, 200])
def test_of_many_photos_the_same_pairs_are_found_as_by_comparing_all(plain: int) -> None:
    """Also where the ground of many is so plain that most bits of their hashes are zero."""
    rng = np.random.default_rng(0)
    hashes = rng.integers(0, 1 << 63, (1000, 4), np.uint64)
    hashes[:plain, 1:] = 0
    for row in range(300):
        hashes[600 + row] = hashes[row]
        for place in rng.choice(256, rng.integers(0, 20), replace=False).tolist():
            hashes[600 + row, place // 64] ^= np.uint64(1 << (place % 64))
    hashes[999] = hashes[998] ^ np.array([0xFFFF, 0, 0, 0], np.uint64)  # as evenly spread over the parts as can be
    near = np.triu(np.bitwise_count(hashes[:, None] ^ hashes[None]).sum(axis=-1) <= 16, 1)
    found = np.unique(np.concatenate([module._near(key, hashes) for key in module._keys(hashes)]))
    assert [(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in found] == list(map(tuple, np.argwhere(near).tolist()))


def test_of_very_many_that_share_a_key_only_neighbours_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = np.zeros((100, 4), np.uint64)
    [key, *_] = module._keys(hashes)
    assert len(module._near(key, hashes)) == 100 * 99 / 2
    monkeypatch.setattr(module, "_PAIRS", 300)
    assert {int(pair & module._LOW) - int(pair >> module._HALF) for pair in module._near(key, hashes)} == {1, 2, 3}


def test_copies_are_found_among_many() -> None:
    many = [example("rose", 0, seed) for seed in range(1100)]
    examples = Examples.of(
        [*many, flipped(many[3], 2, "rose", "late.jpg"), flipped(many[700], 2, "tulip", "other.jpg")]
    )
    copies = find_copies(examples, MEAN)
    assert {"late.jpg", many[3].name} == set(names(examples, copies.within)) | set(
        names(examples, copies.within).values()
    )
    assert set(names(examples, copies.across)) == {"other.jpg", many[700].name}
