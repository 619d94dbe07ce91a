"""A picture to a network's input: the one way that training and serving share."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

ResizeRule = Literal["squash", "crop", "pad"]


def fit(image: Image.Image, height: int, width: int, rule: ResizeRule = "squash") -> NDArray[np.uint8]:
    """Resize an RGB image to uint8 (height, width, 3).

    Pillow's bilinear filter, antialiased when it shrinks. "squash" ignores the aspect, "crop" keeps the centre, "pad"
    adds black bars. Raises ValueError for another rule.
    """
    if rule not in get_args(ResizeRule):
        raise ValueError(f"resize rule {rule!r} is not one of {get_args(ResizeRule)}")
    if rule == "crop":
        resized = ImageOps.fit(image, (width, height), Image.Resampling.BILINEAR)
    elif rule == "pad":
        resized = ImageOps.pad(image, (width, height), Image.Resampling.BILINEAR)
    else:
        resized = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized, np.uint8)
