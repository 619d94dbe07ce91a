"""What Python callers have for a photo: the path of a file, its bytes, a Pillow image, or pixels."""

import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifier.errors import BadRequestError, TooLargeError
from classifier.fit import ResizeRule
from classifier.limits import PhotoLimits
from classifier.photo import decode
from classifier.pixels import of_image

PhotoLike = str | os.PathLike[str] | bytes | Image.Image | NDArray[np.uint8]


def to_image(photo: PhotoLike, limits: PhotoLimits, at_least: tuple[int, int], rule: ResizeRule) -> Image.Image:
    """The photo as an upright RGB image; `at_least` and `rule` as for `decode`.

    Raises the errors of `decode`, and BadRequestError for a file that cannot be read, an array of another type or
    shape than uint8 [height, width, 3], and whatever else is no photo.
    """
    if isinstance(photo, str | os.PathLike):
        return decode(read_photo(Path(photo), limits.max_bytes), limits, at_least, rule)
    if isinstance(photo, bytes | bytearray | memoryview):
        return decode(bytes(photo), limits, at_least, rule)
    if isinstance(photo, Image.Image):
        return of_image(photo, limits.max_megapixels, at_least, rule)
    if isinstance(photo, np.ndarray):
        return of_image(_from_pixels(photo), limits.max_megapixels, at_least, rule)
    raise BadRequestError(f"A photo is a path, bytes, a Pillow image or a NumPy array, not {type(photo).__name__}.")


def read_photo(file: Path, max_bytes: int) -> bytes:
    """The bytes of a file; one of more than `max_bytes` is not read whole.

    Raises BadRequestError where it cannot be read, TooLargeError.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(max_bytes + 1)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise BadRequestError(f"The file cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(data) > max_bytes:
        raise TooLargeError(f"The file has more than {max_bytes / 2**20:g} MB. Use a smaller copy.")
    return data


def _from_pixels(pixels: NDArray[np.uint8]) -> Image.Image:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise BadRequestError(
            f"An array of pixels must be uint8 [height, width, 3], not {pixels.dtype} {list(pixels.shape)}. "
            "Scale values to 0 to 255, and convert them with .astype('uint8')."
        )
    return Image.fromarray(np.ascontiguousarray(pixels))
