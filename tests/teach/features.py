"""Features with known classes, and a trunk that is only a card: teaching can be tested without looking at photos."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from classifier.trunk import TrunkCard
from teach.embedding import Embedding
from teach.examples import NONE, Example

FEATURES = 32
TRUNK = TrunkCard("ab" * 32, 192, (6, 6, FEATURES))


def directions() -> NDArray[np.float32]:
    """A direction for each of 32 kinds of things, far apart."""
    return np.eye(FEATURES, dtype=np.float32) * 8


def bank(count: int = 200) -> NDArray[np.float16]:
    """Other things: kinds 16 to 31."""
    rng = np.random.default_rng(1)
    return (directions()[rng.integers(16, 32, count)] + rng.normal(size=(count, FEATURES))).astype(np.float16)


def example(label: str, kind: int, seed: int, noise: float = 1.0, name: str = "") -> Example:
    """A photo of a thing of that kind, under that label."""
    rng = np.random.default_rng((kind, seed))
    features = directions()[kind] + noise * rng.normal(size=FEATURES)
    return Example(label, name or f"{label}/{seed}.jpg", Embedding(features.astype(np.float16), rng.bytes(32)))


def things(counts: Mapping[str, int], noise: float = 1.0) -> list[Example]:
    """So many photos of each label; photos of NONE are of the kinds of the bank."""
    found = []
    for kind, (label, count) in enumerate(counts.items()):
        found += [example(label, 20 if label == NONE else kind, seed, noise) for seed in range(count)]
    return found
