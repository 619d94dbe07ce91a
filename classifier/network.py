"""What answers for a model, whichever kind of model it is."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.card import Card
from classifier.head import HeadNetwork
from classifier.runtime import Output, Runtime
from classifier.trunk import shared_trunk


class Network(Protocol):
    """A loaded and warmed model, safe to call from several threads."""

    def __call__(self, batch: NDArray[np.uint8]) -> Output:
        """Answer uint8 [N, height, width, 3]. Raises ModelError for an answer that makes no sense."""


def load_network(card: Card, threads: int) -> Network:
    """Load the model of `card` for that many calls at a time. Raises ModelError where it is not what the card says."""
    if card.trunk is None:
        return Runtime(card, threads)
    return HeadNetwork(card, shared_trunk(threads))
