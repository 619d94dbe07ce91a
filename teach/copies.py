"""Copies: one photo twice among those of a label counts once; one under two labels is set aside.

The hash finds copies, also those that were made smaller or saved again. The features keep apart pictures whose ground
is so plain that the hash takes them for one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teach.embedding import Embedding
from teach.examples import Examples

Mean = NDArray[np.float32]  # [1280], of the features of the bank

# Of 256 bits, how many may differ. Photos saved again at half size and quality 60 differ in 0 to 12.
_BITS = 16
# The least correlation of features: it only keeps apart what plain ground makes alike to the hash.
_ALIKE = 0.9
# The hash in so many parts: at least one of nine holds no more than one of up to 17 bits that differ.
_PARTS = 9
# Pairs that are compared for one key. Of up to 4,096 photos that is all that share the key, of a million 16 neighbours.
_PAIRS = 1 << 24
# Pairs whose features are compared at a time: 10 MB.
_FEATURES = 1024
_HALF, _LOW = np.uint64(32), np.uint64((1 << 32) - 1)


@dataclass(frozen=True)
class Copies:
    """Rows of the examples that are not used, and those that each one is a copy of."""

    within: dict[int, int]  # of the same label: the first of them stays
    across: dict[int, int]  # of another label: none of them stays

    def without(self, examples: Examples) -> Examples:
        """The examples that are used."""
        return examples.without({*self.within, *self.across})

    def named(self, examples: Examples) -> dict[str, list[dict[str, str]]]:
        """As a report has them: `copies` and `set_aside`."""
        copies = [{"name": examples.names[row], "copy_of": examples.names[of]} for row, of in self.within.items()]
        set_aside = [
            {
                "name": examples.names[row],
                "label": examples.label(row),
                "other": examples.names[other],
                "other_label": examples.label(other),
            }
            for row, other in sorted(self.across.items())
        ]
        return {"copies": copies, "set_aside": set_aside}


def find_copies(examples: Examples, mean: Mean) -> Copies:
    """Look for copies among all; `mean` is that of the bank's features, float32 [1280]."""
    copies = Copies({}, {})
    for first, second in _pairs(examples, mean):
        if examples.truth[first] == examples.truth[second]:
            if first not in copies.within:
                copies.within.setdefault(second, first)
        else:
            copies.across.setdefault(first, second)
            copies.across.setdefault(second, first)
    # A copy of a photo that stands under another label as well must not stay in its place.
    for row, other in copies.within.items():
        if other in copies.across:
            copies.across.setdefault(row, copies.across[other])
    for row in copies.across:
        copies.within.pop(row, None)
    return copies


def _pairs(examples: Examples, mean: Mean) -> Iterator[tuple[int, int]]:
    """Pairs of rows (i, j), i < j, that are copies, sorted."""
    near = np.zeros(0, np.uint64)
    for key in _keys(examples.hashes):
        near = np.union1d(near, _near(key, examples.hashes))
        if len(near) > _PAIRS:  # nearly all are alike, as the pictures of a still camera: most are out by these
            break
    for start in range(0, len(near), _FEATURES):
        rows = near[start : start + _FEATURES]
        first, second = (rows >> _HALF).astype(np.int64), (rows & _LOW).astype(np.int64)
        alike = _correlations(examples.features.rows(first), examples.features.rows(second), mean) >= _ALIKE
        yield from zip(first[alike].tolist(), second[alike].tolist(), strict=True)


def _keys(hashes: NDArray[np.uint64]) -> Iterator[NDArray[np.uint64]]:
    """Numbers [N] of 28 or 29 bits: two hashes that differ in up to _BITS bits have at least one of them in common.

    Each is a part of the hash without one of its bits (Norouzi 2012 has the parts; dropping a bit in place of trying
    all keys nearby is that of Mor & Fraenkel 1982).
    """
    places = range(8 * hashes.itemsize * hashes.shape[1])
    for part in range(_PARTS):
        bits = places[part::_PARTS]
        key = np.zeros(len(hashes), np.uint64)
        for place in bits:
            key = key << np.uint64(1) | (hashes[:, place // 64] >> np.uint64(place % 64)) & np.uint64(1)
        for dropped in range(len(bits)):
            yield key & ~np.uint64(1 << dropped)


def _near(key: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Pairs whose hashes are near among those that share a key, as i << 32 | j, i < j."""
    ordered = np.sort(key << _HALF | np.arange(len(key), dtype=np.uint64))
    key, rows = ordered >> _HALF, (ordered & _LOW).astype(np.int64)
    places, found = np.arange(len(rows)), [np.zeros(0, np.uint64)]
    for step in range(1, min(len(rows), 1 + _PAIRS // max(1, len(rows)))):
        places = places[: np.searchsorted(places, len(rows) - step)]
        places = places[key[places] == key[places + step]]
        if not len(places):
            break
        first, second = rows[places], rows[places + step]
        distance = np.bitwise_count(hashes[first] ^ hashes[second]).sum(axis=1, dtype=np.int16)
        near = distance <= _BITS
        found.append(first[near].astype(np.uint64) << _HALF | second[near].astype(np.uint64))
    return np.concatenate(found)


def are_copies(one: Embedding, other: Embedding, mean: Mean) -> bool:
    """Whether both are of one photo."""
    bits = (int.from_bytes(one.hash) ^ int.from_bytes(other.hash)).bit_count()
    return bits <= _BITS and bool(_correlations(one.features[None], other.features[None], mean)[0] >= _ALIKE)


def _correlations(one: NDArray[np.float16], other: NDArray[np.float16], mean: Mean) -> NDArray[np.float32]:
    """Of each row of one with that of the other, float32 [N]."""
    first, second = one.astype(np.float32) - mean, other.astype(np.float32) - mean
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    alike: NDArray[np.float32] = (first * second).sum(axis=1) / np.where(lengths > 0, lengths, 1)
    return np.where(lengths > 0, alike, 1)
