"""An activation map to a picture that shows where the network looked."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from classifier.fit import ResizeRule

# Longer side of the overlay in pixels: sharp enough on a page, and the PNG stays below half a megabyte.
_LONGER_SIDE = 384

# Strength 0, 1/3, 2/3 and 1: dark violet over red and orange to a light yellow, brightness rising all the way, so
# that it reads in grey and for colour-blind eyes too.
_STOPS = np.array([[24, 6, 60], [165, 30, 90], [245, 125, 20], [255, 250, 160]], np.float32)
_OPACITY = 0.75


def overlay(photo: Image.Image, activation_map: NDArray[np.float32], rule: ResizeRule = "squash") -> bytes:
    """Lay the map of one class, float32 [height, width], over an RGB photo and return it as PNG.

    Where the class has no evidence the photo shows through unchanged. `rule` is how the photo was fitted to the
    network: the map covers all of it ("squash"), its centre ("crop"), or it with bars ("pad").
    """
    scale = _LONGER_SIDE / max(photo.size)
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    strength = _placed(_strength(activation_map), size, rule)[..., None]
    pixels = np.asarray(photo.resize(size, Image.Resampling.BILINEAR), np.float32)
    opacity = strength * _OPACITY
    mixed = pixels * (1 - opacity) + _coloured(strength[..., 0]) * opacity
    file = io.BytesIO()
    Image.fromarray(mixed.round().astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def _strength(activation_map: NDArray[np.float32]) -> NDArray[np.float32]:
    """Evidence for the class, scaled to 0 ... 1; evidence against it counts as none."""
    positive = np.maximum(activation_map, np.float32(0))
    peak = positive.max() or np.float32(1)
    return np.divide(positive, peak, dtype=np.float32)


def _placed(strength: NDArray[np.float32], size: tuple[int, int], rule: ResizeRule) -> NDArray[np.float32]:
    """Enlarge a map to the photo of `size` (width, height), undoing the fitting of the photo to the network."""
    picture = Image.fromarray(strength.astype(np.float32), "F")
    if rule == "squash":
        return np.asarray(picture.resize(size, Image.Resampling.BICUBIC)).clip(0, 1)
    # What of the photo the map covers: a box of the map's own aspect, inside the photo (crop) or around it (pad).
    inside = ImageOps.contain if rule == "crop" else ImageOps.cover
    covered = inside(picture, size, Image.Resampling.BICUBIC)
    left, top = (size[0] - covered.width) // 2, (size[1] - covered.height) // 2
    placed = Image.new("F", size)
    placed.paste(covered, (left, top))
    return np.asarray(placed).clip(0, 1)


def _coloured(strength: NDArray[np.float32]) -> NDArray[np.float32]:
    """Colours float32 [height, width, 3], 0 to 255, of a strength [height, width]."""
    at = np.linspace(0, 1, len(_STOPS))
    return np.stack([np.interp(strength, at, _STOPS[:, channel]) for channel in range(3)], -1).astype(np.float32)
