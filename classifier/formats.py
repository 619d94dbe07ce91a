"""What kind of picture a file is: told by its first bytes, never by its name."""

import re

from PIL import features

from classifier.errors import NotAPhotoError, UnsupportedFormatError

# How the names of pictures end: only to pick them out of a folder. What a file is, its content tells.
SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif", ".heic"})

_READ = {"JPEG", "PNG", "WebP", "GIF", "BMP"} | ({"AVIF"} if features.check("avif") else set())

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


def format_of(data: bytes) -> str:
    """Name of the format of a file, one that is read.

    Raises NotAPhotoError, or UnsupportedFormatError with the name of the format.
    """
    if not data:
        raise NotAPhotoError("The file is empty. Choose a photo.")
    kind = next((name for signature, name in _SIGNATURES if signature.match(data)), None)
    if kind is None:
        raise NotAPhotoError("This is not a photo. Choose a JPEG, PNG or WebP file.")
    if kind not in _READ:
        raise UnsupportedFormatError(f"{kind} images are not supported. Save the photo as JPEG or PNG and try again.")
    return kind
