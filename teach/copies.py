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
# Pairs that are compared at a time: 32 MB of hashes.
_PAIRS = 1 << 20


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
    hashes = examples.hashes
    block = max(1, _PAIRS // max(1, len(hashes)))
    for start in range(0, len(hashes), block):
        distance = np.bitwise_count(hashes[start : start + block, None] ^ hashes[None, start:]).sum(-1, dtype=np.int16)
        for i, j in np.argwhere(distance <= _BITS):
            first, second = start + int(i), start + int(j)
            if first < second and _correlation(examples.features[first], examples.features[second], mean) >= _ALIKE:
                yield first, second


def are_copies(one: Embedding, other: Embedding, mean: Mean) -> bool:
    """Whether both are of one photo."""
    bits = (int.from_bytes(one.hash) ^ int.from_bytes(other.hash)).bit_count()
    return bits <= _BITS and _correlation(one.features, other.features, mean) >= _ALIKE


def _correlation(one: NDArray[np.float16], other: NDArray[np.float16], mean: Mean) -> float:
    first, second = one.astype(np.float32) - mean, other.astype(np.float32) - mean
    lengths = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / lengths if lengths else 1.0
