"""How large a photo may be: bytes, pixels and sides, told before a decoder has more than the headers."""

from dataclasses import dataclass

from PIL import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from classifier.errors import TooLargeError


@dataclass(frozen=True)
class PhotoLimits:
    """Limits on one upload. Formats that cost more memory for a pixel have a lower limit of their own as well."""

    max_bytes: int = 20 * 2**20
    max_megapixels: float = 205


DEFAULT_LIMITS = PhotoLimits()

# Millions of pixels of a format that decode within about a second and 200 MB on one core; test_largest.py measures it.
# Among them are the largest photos of phones, 201 megapixels as JPEG and 24.5 as HEIC, screens of 7,680 x 4,320 and a
# page of A4 at 600 dots an inch. Bytes of memory per pixel at the peak, with Pillow 13: JPEG at reduced scale 0.2
# (whole 4), progressive JPEG 5 to 10 (all coefficients are kept), PNG 4, GIF 1, BMP and TIFF up to 4, HEIC 8, AVIF 10,
# WebP 14.
_MEGAPIXELS = {
    "JPEG": 205,
    "CMYK JPEG": 100,
    "progressive JPEG": 24.2,
    "PNG": 33.5,
    "WebP": 12.6,
    "GIF": 24.2,
    "BMP": 24.2,
    "AVIF": 20.5,
    "HEIC": 24.5,
    "TIFF": 36,
}
# Megapixels times scans of a JPEG, each of which costs libjpeg a pass over all coefficients: the largest progressive
# one in a dozen scans, when encoders write about ten.
_SCANNED_MEGAPIXELS = 12 * _MEGAPIXELS["progressive JPEG"]
# Pixels of a side, in any format: what is much longer than wide takes more memory than its megapixels tell.
_LONGEST_SIDE = 65_535
# Of a JPEG at reduced scale. Only one many times as long as wide has more: its narrow side is as small as it may get.
_UNREDUCED_PIXELS = 20_000_000


def check_bytes(data: bytes, most: int) -> None:
    """Raise TooLargeError for a file of more than `most` bytes."""
    if len(data) > most:
        raise TooLargeError(
            f"The file has {len(data) / 2**20:.1f} MB; the limit is {most / 2**20:g} MB. Send a smaller copy."
        )


def check_size(image: ImageFile.ImageFile, kind: str, scans: int, max_megapixels: float) -> None:
    """Raise TooLargeError for a picture, of which the headers alone are read, that would cost too much."""
    colours = 3
    if isinstance(image, JpegImageFile) and ("progressive" in image.info or scans > 1):
        kind, colours = "progressive JPEG", max(3, len(image.getbands()))  # each has coefficients
    megapixels = image.width * image.height / 1e6
    limit = min(_MEGAPIXELS[kind] * 3 / colours, max_megapixels, _SCANNED_MEGAPIXELS / max(scans, 1))
    size = f"This {kind} has {image.width} x {image.height} pixels"
    if megapixels > limit:
        raise TooLargeError(
            f"{size}, {megapixels:.0f} megapixels; the limit for this format is {limit:.3g}. Send a smaller copy."
        )
    if max(image.size) > _LONGEST_SIDE:
        raise TooLargeError(f"{size}; the limit for a side is {_LONGEST_SIDE:,}. Send a smaller copy.")


def check_reduced(image: ImageFile.ImageFile) -> None:
    """Raise TooLargeError for a JPEG that is still large at the scale that it will be decoded at."""
    if image.width * image.height > _UNREDUCED_PIXELS:
        raise TooLargeError("This JPEG has sides of very different length. Send a smaller copy.")
