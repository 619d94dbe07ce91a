"""Colours of print: what four inks look like on paper, as the profile of a CMYK picture says.

Of 200 photos as CMYK the default model calls three otherwise where the profile is ignored (FAQ). Profiles of RGB
pictures, Display P3 and Adobe RGB, change no answer; they are ignored, as in training.
"""

import io
from collections.abc import Callable

from PIL import Image, ImageCms


def to_rgb(image: Image.Image) -> Callable[[Image.Image], Image.Image] | None:
    """What makes sRGB of a part of a CMYK image, or None where it has no profile that can be used."""
    profile = image.info.get("icc_profile")
    if image.mode != "CMYK" or not profile:
        return None
    try:
        inks = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(inks, ImageCms.createProfile("sRGB"), "CMYK", "RGB")
    except (ImageCms.PyCMSError, OSError):
        return None

    def as_printed(part: Image.Image) -> Image.Image:
        plain = Image.new("RGB", part.size)
        transform.apply(part, plain)
        return plain

    return as_printed
