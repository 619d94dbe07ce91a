"""A photo as teaching keeps it: the trunk's features of it, and a hash by which copies are found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifier.classifier import reduced
from classifier.errors import BadRequestError, ClassifierError
from classifier.fit import ResizeRule, fit
from classifier.in_order import in_order
from classifier.photo_like import PhotoLike, to_image
from classifier.settings import Settings
from classifier.trunk import Trunk, shared_trunk

# How photos come to the square that the trunk looks at; a taught model's card says the same.
RESIZE: ResizeRule = "squash"
# Bits of the hash: whether it gets lighter from each pixel of a picture of 16 x 17 to the one right of it.
_HASH_HEIGHT, _HASH_WIDTH = 16, 17
HASH_BYTES = 32
# Bytes of the trunk's SHA-256 at the start of a packed embedding: features of another trunk are of no use.
_TRUNK_BYTES = 8


@dataclass(frozen=True)
class Embedding:
    """What is kept of one photo."""

    features: NDArray[np.float16]  # [1280]
    hash: bytes  # HASH_BYTES

    def pack(self, trunk: str) -> bytes:
        """As bytes to travel, 2.6 kB; `trunk` is the SHA-256 of the trunk that saw the photo."""
        return _mark(trunk) + self.hash + self.features.tobytes()

    @classmethod
    def unpack(cls, data: bytes, trunk: str, count: int) -> list[Self]:
        """The embeddings in the packed ones of one or more photos, `count` features each.

        Raises BadRequestError for bytes that are none, or that were made by another trunk than `trunk`.
        """
        size = _TRUNK_BYTES + HASH_BYTES + 2 * count
        if not data or len(data) % size:
            raise BadRequestError("These are not the features of photos. Call embed_images again.")
        found = []
        for start in range(0, len(data), size):
            if data[start : start + _TRUNK_BYTES] != _mark(trunk):
                raise BadRequestError(
                    "The features come from another trunk. Send the photos to embed_images again.", "trunk"
                )
            rest = data[start + _TRUNK_BYTES : start + size]
            features = np.frombuffer(rest[HASH_BYTES:], np.float16)
            if not np.isfinite(features).all():
                raise BadRequestError("The features hold values that are not finite. Call embed_images again.")
            found.append(cls(features, rest[:HASH_BYTES]))
        return found


class Embedder:
    """Photos to embeddings, on several threads. Only a few photos are in memory at a time."""

    def __init__(self, settings: Settings, resize: ResizeRule = RESIZE) -> None:
        """Load the trunk. Raises ModelError."""
        self._settings = settings
        self._resize = resize
        self.trunk: Trunk = shared_trunk(settings.threads)

    def embed(self, photo: PhotoLike) -> Embedding:
        """One photo. Raises the errors of `classifier.photo_like.to_image`."""
        side = self.trunk.card.side
        image = to_image(photo, self._settings.photo_limits, reduced(side, side), self._resize)
        features = self.trunk(fit(image, side, side, self._resize)[None]).features[0]
        return Embedding(features.astype(np.float16), difference_hash(image))

    def embed_many(self, photos: Iterable[PhotoLike]) -> Iterator[Embedding | ClassifierError]:
        """An embedding, or the error of a photo that is refused, for each, in their order, as soon as it is there."""
        return in_order(self.embed, photos, self._settings.threads)


def difference_hash(image: Image.Image) -> bytes:
    """HASH_BYTES that stay nearly the same when a picture is saved again or made smaller."""
    grey = fit(image, _HASH_HEIGHT, _HASH_WIDTH).astype(np.int16).sum(-1)
    return np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes()


def _mark(trunk: str) -> bytes:
    return bytes.fromhex(trunk)[:_TRUNK_BYTES]
