"""A head that is not on the shelf, as it travels: it can be tried before it is kept."""

import json
from typing import Any, NamedTuple, Self

import numpy as np

from classifier.errors import BadRequestError
from classifier.head import Head
from teach.embedding import Embedding
from teach.examples import NONE


class Trial(NamedTuple):
    """The head, and what its answers need besides."""

    labels: tuple[str, ...]
    unsure_below: float
    head: Head
    none: str = NONE

    def pack(self) -> bytes:
        """As bytes: a line of JSON, then the head's file."""
        return (
            json.dumps({"labels": self.labels, "unsure_below": self.unsure_below}).encode() + b"\n" + self.head.bytes()
        )

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """From bytes that a caller sent. Raises BadRequestError."""
        try:
            line, _, file = data.partition(b"\n")
            fields = json.loads(line)
            labels = tuple(map(str, fields["labels"]))
            return cls(labels, float(fields["unsure_below"]), Head.unpack(file, len(labels)))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BadRequestError("head is not what teach gave. Teach it again.") from error

    def answer(self, photo: Embedding) -> dict[str, Any]:
        """As `classify_image` answers, without heat map. Raises BadRequestError for features of another trunk."""
        if len(photo.features) != len(self.head.kernel):
            raise BadRequestError("head was fitted on another trunk. Teach it again.", "trunk")
        [chances] = self.head.probabilities(photo.features[None].astype(np.float32))
        order = chances.argsort(kind="stable")[::-1]
        label, confidence = self.labels[order[0]], float(chances[order[0]])
        answer = {
            "label": label,
            "confidence": confidence,
            "unsure": confidence < self.unsure_below,
            "predictions": [{"label": self.labels[row], "probability": float(chances[row])} for row in order],
        }
        return {**answer, "none": True} if label == self.none and not answer["unsure"] else answer
