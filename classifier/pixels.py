"""The pixels of a file of a known format, in this process: upright, RGB, on white, perhaps at a reduced scale."""

import contextlib
import io
import re
from collections.abc import Callable

from PIL import AvifImagePlugin, ExifTags, Image, ImageFile, ImageOps
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from classifier import inks
from classifier.errors import PhotoError, TooLargeError, TruncatedError, UnsupportedFormatError
from classifier.fit import ResizeRule
from classifier.grey import is_deep, strips, to_8_bits
from classifier.headers import count_scans
from classifier.limits import check_reduced, check_size
from classifier.quiet import pillow_unheard
from classifier.tiff import open_tiff


def _heif(file: io.BytesIO) -> ImageFile.ImageFile:
    from pillow_heif import HeifImageFile  # an extra, of 20 MB, that only a sandbox loads

    picture: ImageFile.ImageFile = HeifImageFile(file)  # type: ignore[no-untyped-call]  # of a library
    return picture


_READERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImageFile,
    "CMYK JPEG": JpegImageFile,
    "PNG": PngImageFile,
    "WebP": WebPImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
    "AVIF": AvifImageFile,
    "HEIC": _heif,
    "TIFF": open_tiff,
}

# What is put behind a JPEG that is cut off, so that libjpeg gives out what it has; and what a camera or a download
# leaves where the rest should be.
_END_OF_JPEG = b"\xff\xd9"
_FILLERS = b"\0\xff"
# With more than this share of its rows missing a JPEG is refused: what the photo shows may well be in that part.
_MOST_MISSING = 0.25

# How libheif and Pillow call what they cannot read though it is not damaged: another coder in a HEIF (AVC, VVC), a film
# without a picture, a TIFF of rare samples.
_UNKNOWN = re.compile(
    "not been built in|supported brands|invalid primary item|not identified by this driver"
    "|unknown pixel mode|^conversion from"
)

# The orientation stands at the front of EXIF, of which an honest JPEG has no more than fits one segment.
_EXIF_BYTES = 2**16

# Put on white at a time: few enough that a strip costs little beside the picture.
_STRIP_PIXELS = 2**20

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


@pillow_unheard()
def read(
    data: bytes, kind: str, max_megapixels: float, at_least: tuple[int, int] | None, rule: ResizeRule
) -> Image.Image:
    """As `photo.decode`, of a file of the format `kind`.

    Raises TooLargeError, TruncatedError or, of a rare kind, UnsupportedFormatError, and nothing else.
    """
    if kind not in ("JPEG", "CMYK JPEG"):
        return _read(data, kind, max_megapixels, at_least, rule)
    data = data.rstrip(_FILLERS)
    try:
        return _read(data, kind, max_megapixels, at_least, rule)
    except TruncatedError:
        image = _read(data + _END_OF_JPEG, kind, max_megapixels, at_least, rule, cut_off=True)
    image.info["warning"] = "The JPEG file is cut off. The answer is for the part that is there."
    return image


def _read(
    data: bytes,
    kind: str,
    max_megapixels: float,
    at_least: tuple[int, int] | None,
    rule: ResizeRule,
    cut_off: bool = False,
) -> Image.Image:
    scans = count_scans(data, kind)
    try:
        reader = _READERS[kind](io.BytesIO(data))
        check_size(reader, kind, scans, max_megapixels)
        if kind not in ("TIFF", "CMYK JPEG"):
            reader.info.pop("icc_profile", None)  # which is for a sandbox to read
        orientation, scale = _load(reader, at_least, rule)
        if cut_off and _missing(reader) > _MOST_MISSING:
            raise _damaged(kind)
        image: Image.Image = reader
        del reader  # one name, so that what a step started from is freed before the next: a picture may have 100 MB
        image = _plain(image, scale)
        image = image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image
        image.info.clear()
        return image
    except PhotoError:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise TooLargeError(f"This {kind} picture needs too much memory. Send a smaller copy.") from error
    except Exception as error:  # decoders raise nearly every type there is when fed damaged data
        if kind in ("HEIC", "TIFF") and _UNKNOWN.search(str(error)):
            message = f"This kind of {kind} is not supported. Save the photo as JPEG and try again."
            raise UnsupportedFormatError(message) from error
        raise _damaged(kind) from error


def _damaged(kind: str) -> TruncatedError:
    return TruncatedError(f"This {kind} file is damaged or incomplete. Save or send it again.")


def _missing(image: Image.Image) -> float:
    """The share of a JPEG that was cut off, 0 to 1: libjpeg leaves the rows that it gets no data for in medium grey."""
    seen = image.point(lambda value: 255 * (abs(value - 128) > 1)).getbbox()
    return 1 - seen[3] / image.height if seen else 1


@pillow_unheard()
def of_image(image: Image.Image, max_megapixels: float, at_least: tuple[int, int], rule: ResizeRule) -> Image.Image:
    """A picture that Pillow has opened or made, as `read` gives one; the image itself stays as it is.

    Raises TooLargeError, or TruncatedError where its file cannot be read to the end.
    """
    megapixels = image.width * image.height / 1e6
    if megapixels > max_megapixels:
        raise TooLargeError(
            f"This picture has {megapixels:.0f} megapixels; the limit is {max_megapixels:g}. Make it smaller."
        )
    try:
        upright = ImageOps.exif_transpose(image)
        upright = _plain(upright, _scale(upright, 1, at_least, rule))
        upright.info = {}
        return upright
    except Exception as error:  # as above: an image that was opened is decoded only here
        raise TruncatedError("This picture is damaged or incomplete. Save it again.") from error


def _load(image: ImageFile.ImageFile, at_least: tuple[int, int] | None, rule: ResizeRule) -> tuple[int, int]:
    """Decode the pixels; returns the EXIF orientation, and by how much the picture is still to shrink.

    A JPEG comes at reduced scale already, for which libjpeg has less to do.
    """
    if not isinstance(image, JpegImageFile):
        image.load()  # a PNG may have its EXIF behind the pixels
    orientation = _orientation(image)
    scale = 1 if at_least is None else _scale(image, orientation, at_least, rule)
    if not isinstance(image, JpegImageFile):
        return orientation, scale
    if at_least is not None:
        image.draft(None, (image.width // scale, image.height // scale))
        check_reduced(image)
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
    rows = max(1, _STRIP_PIXELS // image.width // scale) * scale
    to_colours = to_8_bits(image, rows) if is_deep(image) else inks.to_rgb(image)
    plain = Image.new("RGB", (-(-image.width // scale), -(-image.height // scale)))
    for number, strip in enumerate(strips(image, rows)):
        coloured = _on_white(_full_colour(to_colours(strip) if to_colours else strip))
        plain.paste(coloured.reduce(scale) if scale > 1 else coloured, (0, number * rows // scale))
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
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)  # the mask is its alpha channel; taking that out first would cost a copy
    return white


def prepare() -> None:
    """Load, and set up for one core, what is otherwise loaded when it is needed: a sandbox can open no file later."""
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each would take memory for its stack
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.options.THUMBNAILS = pillow_heif.options.DEPTH_IMAGES = pillow_heif.options.AUX_IMAGES = False
