"""The looks at a picture whose answers a model averages."""

from typing import Any, NamedTuple

from keras import ops

from train.recipe import Looks

IN_WORDS: dict[Looks, str] = {
    1: "the picture as it is",
    2: "mean over the picture and its mirror image",
}


class Look(NamedTuple):
    """Pictures as the network sees them, and whether they are mirrored."""

    images: Any
    mirrored: bool


def looks(images: Any, count: Looks) -> list[Look]:
    """So many looks at pictures (N, H, W, C), which may be symbolic."""
    return [Look(images, False), Look(ops.flip(images, axis=2), True)][:count]
