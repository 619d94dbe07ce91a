"""What kind of picture a file is: told by its first bytes, never by its name."""

import re
from importlib.util import find_spec

from PIL import features

from classifier.errors import NotAPhotoError, UnsupportedFormatError

# How the names of pictures end: only to pick them out of a folder. What a file is, its content tells.
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".gif", ".bmp", ".dib"}) | frozenset(
    {".avif", ".heic", ".heif", ".hif", ".tif", ".tiff"}
)

_READ = {"JPEG", "CMYK JPEG", "PNG", "WebP", "GIF", "BMP", "TIFF"}
if features.check("avif"):
    _READ.add("AVIF")
if find_spec("pillow_heif"):
    _READ.add("HEIC")

# The first that matches counts. A JPEG of several pictures (MPO), or with a film behind it, is a JPEG.
_SIGNATURES = [
    (re.compile(signature, re.DOTALL), name)
    for signature, name in (
        (rb"\xff\xd8\xff\xf7", "JPEG-LS"),
        (rb"\xff\xd8\xff", "JPEG"),
        (rb"\x89PNG\r\n\x1a\n", "PNG"),
        (rb"RIFF....WEBP", "WebP"),
        (rb"GIF8[79]a", "GIF"),
        (rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0", "BMP"),  # the sizes of its headers, all there are
        (rb"....ftyp(avif|avis|(mif1|msf1).{4,64}avi[fs])", "AVIF"),
        (rb"....ftyp(hei|hev|mif|msf|avci|vvic|j2ki|jpeg)", "HEIC"),
        (rb"....ftypcrx |FUJIFILMCCD-RAW|FOVb|\0MRM|II\x1a\0\0\0HEAPCCDR", "Camera RAW"),
        (rb"(II\*\0|MM\0\*)....CR|II(RO|RS|U\0)|MMOR", "Camera RAW"),  # of Canon, Olympus and Panasonic
        (rb"II[*+]\0|MM\0[*+]", "TIFF"),
        (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
        (rb"\0\0\0\x0cJXL |\xff\x0a", "JPEG XL"),
        (rb"II\xbc[\0\1]", "JPEG XR"),
        (rb"\0\0[\1\2]\0", "Icon"),
        (rb"8BPS", "Photoshop"),
        (rb"gimp xcf", "GIMP"),
        (rb"%!PS|\xc5\xd0\xd3\xc6", "PostScript"),
        (rb"(\xef\xbb\xbf)?\s*(<\?xml.{0,1024})?<svg[\s>]", "SVG"),
        (rb"P[1-7]\s", "Netpbm"),
        (rb"\x76\x2f\x31\x01", "OpenEXR"),
        (rb"#\?RADIANCE|#\?RGBE", "Radiance HDR"),
        (rb".{128}DICM", "DICOM"),
        (rb"qoif", "QOI"),
        (rb"DDS ", "DirectDraw"),
    )
]
# A JPEG of four inks with the profile of a press, in the first of its segments.
_PRESS = re.compile(rb"ICC_PROFILE\0\x01.{17}CMYK", re.DOTALL)
_PRESS_WITHIN = 2**18
_FILM = re.compile(rb"....ftyp(qt|mp4|iso|M4|3g|avc1|MSNV|f4v|dash)|\x1aE\xdf\xa3|RIFF....AVI ", re.DOTALL)


def format_of(data: bytes) -> str:
    """Name of the format of a file, one that is read.

    Raises NotAPhotoError, or UnsupportedFormatError with the name of the format.
    """
    if not data:
        raise NotAPhotoError("The file is empty. Choose a photo.")
    kind = next((name for signature, name in _SIGNATURES if signature.match(data)), None)
    if kind is None and _FILM.match(data):
        raise UnsupportedFormatError("Films are not supported. Choose a photo.")
    if kind is None:
        raise NotAPhotoError("This is not a photo. Choose a JPEG, PNG or WebP file.")
    if kind == "JPEG" and _PRESS.search(data, 0, _PRESS_WITHIN):
        kind = "CMYK JPEG"
    if kind not in _READ:
        missing = " without the package pillow-heif" if kind == "HEIC" else ""
        message = f"{kind} images are not supported{missing}. Save the photo as JPEG or PNG and try again."
        raise UnsupportedFormatError(message)
    return kind
