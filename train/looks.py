"""The looks at a picture whose answers a model averages."""

from typing import Any, NamedTuple

from keras import ops

from train.recipe import Looks

IN_WORDS: dict[Looks, str] = {
    1: "the picture as it is",
    2: "mean over the picture and its mirror image",
    4: "mean over the picture a pixel up and to the left, a pixel down and to the right, and the mirror images of both",
}


class Look(NamedTuple):
    """Pictures as the network sees them, and whether they are mirrored."""

    images: Any
    mirrored: bool


def looks(images: Any, count: Looks) -> list[Look]:
    """So many looks at pictures (N, H, W, C), which may be symbolic; what a move uncovers is filled by reflection.

    Four are after airbench96 (Jordan 2024), whose six hold the picture where it is too.
    """
    shown = [images]
    if count == 4:
        around = ops.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="reflect")
        shown = [around[:, 2:, 2:], around[:, :-2, :-2]]
    mirrors = [ops.flip(image, axis=2) for image in shown] if count > 1 else []
    return [*(Look(image, False) for image in shown), *(Look(image, True) for image in mirrors)]
