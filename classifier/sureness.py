"""How sure a model may be of a photo.

A network that learned from small pictures is as sure of them as it is right, and too sure of photos that are made as
small: of 445, balanced by class, `cifar10` names .82 rightly and is sure by .87. Its card may have a second temperature
for them (Guo et al. 2017), which `python -m train calibrate` fits. The label stays; the confidence then says how often
such an answer is right.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.card import Card
from classifier.softmax import softmax

# Times the network's input, on the longer side: what has to be made so much smaller was a photo. Neither the decoder
# (classifier.py) nor the page (offer.py) makes it smaller than this before.
_LARGER = 2


def is_photo(size: tuple[int, int], card: Card) -> bool:
    """Whether a picture of `size`, width and height, is large beside the pictures that the network answers."""
    return max(size) >= _LARGER * max(card.height, card.width)


def as_sure(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Probabilities float32 (C,) with their logits divided by the temperature."""
    if temperature == 1:
        return probabilities
    logits = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)).astype(np.float32)
    return softmax(logits / np.float32(temperature))
