"""How sure a model may be of a photo.

A network that learned from small pictures is as sure of them as it is right, and too sure of photos that are made as
small: .82 of those are right where it says .87. Its card may have a second temperature for them (Guo et al. 2017),
which `python -m train calibrate` fits. The label stays; the confidence becomes what it is worth.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.card import Card

_LARGER = 2  # times the network's input, a side: what has to be made that much smaller was a photo


def is_photo(size: tuple[int, int], card: Card) -> bool:
    """Whether a picture of `size`, width and height, is large beside the pictures that the network answers."""
    return min(size) >= _LARGER * max(card.height, card.width)


def as_sure(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Probabilities float32 (C,) with their logits divided by the temperature."""
    if temperature == 1:
        return probabilities
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) / np.float32(temperature)
    odds = np.exp(logits - logits.max())
    divided: NDArray[np.float32] = odds / odds.sum()
    return divided
