"""Untrusted bytes to an upright RGB picture, and that to a network's input: the way of a photo, and its only door.

Format, headers, limits, pixels, fit: each step is a file of that name. Colour profiles are ignored but for those of
CMYK: training ignores them too, and they are one more parser to attack.
"""

from PIL import Image

from classifier import pixels, sandbox
from classifier.fit import ResizeRule, fit
from classifier.formats import SUFFIXES, format_of
from classifier.limits import DEFAULT_LIMITS, PhotoLimits, check_bytes

__all__ = ["DEFAULT_LIMITS", "SUFFIXES", "PhotoLimits", "ResizeRule", "decode", "fit"]


def decode(
    data: bytes,
    limits: PhotoLimits = DEFAULT_LIMITS,
    at_least: tuple[int, int] | None = None,
    rule: ResizeRule = "squash",
) -> Image.Image:
    """Decode a photo to an upright RGB image: alpha on white, 16 bits cut to 8, the first frame of an animation.

    With `at_least` = (height, width) the picture may come at 1/2, 1/4 or 1/8 of its size, as long as neither side of it
    falls below that, upright, or not both where `rule` is to "pad" it to that shape. The cost of a big photo falls
    with it. A JPEG that is cut off is decoded where at least three quarters of its rows are there; the image then
    has a sentence about it as `info["warning"]`, and nothing else is in `info`.

    Raises NotAPhotoError, UnsupportedFormatError, TooLargeError or TruncatedError, and nothing else.
    """
    check_bytes(data, limits.max_bytes)
    kind = format_of(data)
    read = sandbox.read if kind in sandbox.FORMATS else pixels.read
    return read(data, kind, limits.max_megapixels, at_least, rule)
