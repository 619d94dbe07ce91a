"""A head: a linear layer on the trunk's features that answers for one model."""

import io
from dataclasses import dataclass
from typing import Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifier.card import HEAD_FILE, Card
from classifier.errors import ModelError
from classifier.runtime import Output
from classifier.softmax import softmax
from classifier.trunk import Trunk

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """Logits = features @ kernel + bias; probabilities = softmax(logits), the temperature inside both."""

    kernel: Floats  # [features, classes]
    bias: Floats  # [classes]

    @classmethod
    def read(cls, card: Card) -> Self:
        """The head in the folder of `card`. Raises ModelError where it is damaged or not what the card says."""
        data = card.read(HEAD_FILE)
        try:
            return cls.unpack(data, len(card.labels))
        except ValueError as error:
            raise ModelError(f"Model {card.name}: {HEAD_FILE} {error}.") from error

    @classmethod
    def unpack(cls, data: bytes, classes: int) -> Self:
        """What `bytes` gave, of a head of so many classes. Raises ValueError for anything else, and runs none of it."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                head = cls(arrays["kernel"].astype(np.float32), arrays["bias"].astype(np.float32))
        except (KeyError, TypeError, ValueError, EOFError, BadZipFile) as error:
            raise ValueError(f"cannot be read: {error}") from error
        if head.kernel.ndim != 2 or head.kernel.shape[1] != classes or head.bias.shape != (classes,):
            raise ValueError(f"is not a head of {classes} labels")
        if not (np.isfinite(head.kernel).all() and np.isfinite(head.bias).all()):
            raise ValueError("holds values that are not finite")
        return head

    def bytes(self) -> bytes:
        """The content of its file."""
        file = io.BytesIO()
        np.savez(file, kernel=self.kernel, bias=self.bias)
        return file.getvalue()

    def probabilities(self, features: Floats) -> Floats:
        """Probabilities float32 [N, classes] of features [N, 1280]; each row sums to 1."""
        return softmax(features.astype(np.float32) @ self.kernel + self.bias)


class HeadNetwork:
    """A head on the trunk of this process, called as a whole network is."""

    def __init__(self, card: Card, trunk: Trunk) -> None:
        """Raises ModelError where the head was made for another trunk, or does not fit this one."""
        if card.trunk != trunk.card.sha256:
            raise ModelError(f"Model {card.name} was taught on another trunk than the one installed. Teach it again.")
        if (card.height, card.width) != (trunk.card.side, trunk.card.side):
            raise ModelError(f"Model {card.name}: the trunk looks at {trunk.card.side} px; the card says otherwise.")
        self._head, self._trunk = Head.read(card), trunk
        if len(self._head.kernel) != trunk.card.feature_map[-1]:
            raise ModelError(f"Model {card.name}: {HEAD_FILE} does not fit the trunk's features.")

    def __call__(self, batch: NDArray[np.uint8]) -> Output:
        """Answer uint8 [N, side, side, 3]: probabilities, and for each label its evidence at each place."""
        seen = self._trunk(batch)
        # The head is linear, so the logit without its bias is the mean of this map (Zhou 2016).
        return Output(self._head.probabilities(seen.features), seen.feature_map @ self._head.kernel)
