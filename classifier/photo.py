"""Untrusted bytes to an upright RGB picture, and a picture to a network's input.

The format is told by the content, never by a name. Read are JPEG, PNG, WebP, BMP, the first frame of a GIF, and AVIF
where this Pillow was built with it. Colour profiles are ignored: training ignores them too, and they are one more
parser to attack.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile, ImageOps, features
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from classifier import avif
from classifier.errors import NotAPhotoError, PhotoError, TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.headers import count_scans
from classifier.progressive import coarse
from classifier.quiet import pillow_unheard

ResizeRule = Literal["squash", "crop", "pad"]

# How the names of pictures end: only to pick them out of a folder. What a file is, its content tells.
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif", ".heic"})


@dataclass(frozen=True)
class PhotoLimits:
    """Limits on one upload. Formats that cost more memory for a pixel have a lower limit of their own as well."""

    max_bytes: int = 20 * 2**20
    max_megapixels: float = 100


DEFAULT_LIMITS = PhotoLimits()

# Millions of pixels of a format that decode within about a second and 200 MB on one core; test_largest.py measures it.
# With Pillow 13 bytes of memory per pixel at the peak: JPEG at reduced scale 0.2 (whole 4), progressive JPEG 5 to 10
# (all coefficients are kept), PNG 4, GIF 1, BMP up to 4, AVIF 10, WebP 14.
_MEGAPIXELS = {"JPEG": 100, "progressive JPEG": 24.2, "PNG": 24.2, "WebP": 12.6, "GIF": 24.2, "BMP": 24.2, "AVIF": 12.6}
# Megapixels times scans of a JPEG, each of which costs libjpeg a pass over all coefficients: the largest progressive
# one in a dozen scans, when encoders write about ten.
_SCANNED_MEGAPIXELS = 12 * _MEGAPIXELS["progressive JPEG"]
# Pixels of a side, in any format: what is much longer than wide takes more memory than its megapixels tell.
_LONGEST_SIDE = 65_535

_READERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    **({"AVIF": AvifImageFile} if features.check("avif") else {}),
}

# Of a JPEG at reduced scale. Only one many times as long as wide has more: its narrow side is as small as it may get.
_UNREDUCED_PIXELS = 20_000_000
# The orientation stands at the front of EXIF, of which an honest JPEG has no more than fits one segment.
_EXIF_BYTES = 2**16

# Put on white at a time: few enough that a strip costs little beside the picture.
_STRIP_PIXELS = 2**20

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "WebP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL), "BMP"),
    (re.compile(rb"....ftyp(avif|avis|(mif1|msf1).{4,64}avi[fs])", re.DOTALL), "AVIF"),
    (re.compile(rb"....ftyp(hei|hev|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb"II\*\0|MM\0\*"), "TIFF"),
    (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), "JPEG 2000"),
    (re.compile(rb"\0\0\0\x0cJXL |\xff\x0a"), "JPEG XL"),
    (re.compile(rb"\0\0[\1\2]\0"), "icon"),
    (re.compile(rb"8BPS"), "Photoshop"),
    (re.compile(rb"%!PS"), "PostScript"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*(<\?xml.{0,1024})?<svg[\s>]", re.DOTALL), "SVG"),
)

# EXIF orientation -> what makes the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(
    data: bytes,
    limits: PhotoLimits = DEFAULT_LIMITS,
    at_least: tuple[int, int] | None = None,
    rule: ResizeRule = "squash",
) -> Image.Image:
    """Decode a photo to an upright RGB image: alpha on white, 16 bits cut to 8, the first frame of an animation.

    With `at_least` = (height, width) the picture may come at 1/2, 1/4 or 1/8 of its size, as long as neither side of it
    falls below that, upright, or not both where `rule` is to "pad" it to that shape. The cost of a big photo falls
    with it.

    Raises NotAPhotoError, UnsupportedFormatError, TooLargeError or TruncatedError, and nothing else.
    """
    if len(data) > limits.max_bytes:
        raise TooLargeError(
            f"The file has {len(data) / 2**20:.1f} MB; the limit is {limits.max_bytes / 2**20:g} MB. "
            "Send a smaller copy."
        )
    kind = _format(data)
    if kind == "AVIF":
        return avif.decode(data, limits.max_megapixels, at_least, rule)
    return decode_here(data, kind, limits.max_megapixels, at_least, rule)


@pillow_unheard()
def decode_here(
    data: bytes, kind: str, max_megapixels: float, at_least: tuple[int, int] | None, rule: ResizeRule = "squash"
) -> Image.Image:
    """`decode` for bytes of that format, in this process."""
    scans = count_scans(data, kind)
    try:
        reader = _READERS[kind](io.BytesIO(data))
        _check_size(reader, kind, scans, max_megapixels)
        orientation, scale = _load(reader, data, at_least, rule)
        image: Image.Image = reader
        del reader  # one name, so that what a step started from is freed before the next: a picture may have 100 MB
        image = _plain(image, scale)
        return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image
    except PhotoError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise TooLargeError(f"This {kind} picture needs too much memory. Send a smaller copy.") from error
    except Exception as error:  # decoders raise nearly every type there is when fed damaged data
        raise TruncatedError(f"This {kind} file is damaged or incomplete. Save or send it again.") from error


def fit(image: Image.Image, height: int, width: int, rule: ResizeRule = "squash") -> NDArray[np.uint8]:
    """Resize an RGB image to uint8 (height, width, 3), the one way that training and serving share.

    Pillow's bilinear filter, antialiased when it shrinks. "squash" ignores the aspect, "crop" keeps the centre, "pad"
    adds black bars.
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


def _format(data: bytes) -> str:
    """Name of a format that is read here."""
    if not data:
        raise NotAPhotoError("The file is empty. Choose a photo.")
    kind = next((name for signature, name in _SIGNATURES if signature.match(data)), None)
    if kind is None:
        raise NotAPhotoError("This is not a photo. Choose a JPEG, PNG or WebP file.")
    if kind not in _READERS:
        raise UnsupportedFormatError(f"{kind} pictures are not read here. Save the photo as JPEG or PNG and try again.")
    return kind


def _check_size(image: ImageFile.ImageFile, kind: str, scans: int, max_megapixels: float) -> None:
    """Refuse what would cost too much, from the headers alone."""
    colours = 3
    if kind == "JPEG" and ("progressive" in image.info or scans > 1):
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


def _load(
    image: ImageFile.ImageFile, data: bytes, at_least: tuple[int, int] | None, rule: ResizeRule
) -> tuple[int, int]:
    """Decode the pixels; returns the EXIF orientation, and by how much the picture is still to shrink.

    A JPEG comes at reduced scale already, for which libjpeg has less to do.
    """
    if not isinstance(image, JpegImageFile):
        image.load()  # a PNG may have its EXIF behind the pixels
    orientation = _orientation(image)
    if at_least is None:
        image.load()
        return orientation, 1
    scale = _scale(image, orientation, at_least, rule)
    if not isinstance(image, JpegImageFile):
        return orientation, scale
    image.draft(None, (image.width // scale, image.height // scale))
    if image.width * image.height > _UNREDUCED_PIXELS:
        raise TooLargeError("This JPEG has sides of very different length. Send a smaller copy.")
    if scale == 8 and "progressive" in image.info:
        image.fp = io.BytesIO(coarse(data))
    image.load()
    return orientation, 1


def _scale(image: Image.Image, orientation: int, at_least: tuple[int, int], rule: ResizeRule) -> int:
    """By how much the picture, as it is stored, may shrink."""
    height, width = reversed(at_least) if orientation >= 5 else at_least
    room = (image.width // width, image.height // height)
    most = min(max(room), image.width, image.height) if rule == "pad" else min(room)
    return next((scale for scale in (8, 4, 2) if scale <= most), 1)


def _plain(image: Image.Image, scale: int) -> Image.Image:
    """The image as RGB on white, a `scale`-th as large. In strips, so that a big one is not there twice."""
    if image.mode == "RGB" and not image.has_transparency_data:
        return image.reduce(scale) if scale > 1 else image
    plain = Image.new("RGB", (-(-image.width // scale), -(-image.height // scale)))
    rows = max(1, _STRIP_PIXELS // image.width // scale) * scale
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        strip = _on_white(_full_colour(strip))
        plain.paste(strip.reduce(scale) if scale > 1 else strip, (0, top // scale))
    return plain


def _orientation(image: ImageFile.ImageFile) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it cannot be read."""
    try:
        # Values that go on for megabytes would be unpacked, each to an object.
        if "exif" in image.info:
            image.info["exif"] = image.info["exif"][:_EXIF_BYTES]
        if len(image.info.get("Raw profile type exif", "")) > 3 * _EXIF_BYTES:
            return 1
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a photo whose metadata is broken is still a photo
        return 1
    return value if value in _UPRIGHT else 1


def _full_colour(image: Image.Image) -> Image.Image:
    """The image as RGB, or as RGBA where some of it may be transparent."""
    if image.mode.startswith("I"):  # 16-bit grey; convert() would clip it at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)  # the mask is its alpha channel; taking that out first would cost a copy
    return white
