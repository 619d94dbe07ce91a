"""What kind of picture a file is, and what is said of those that are not read."""

import pytest

from classifier.errors import NotAPhotoError, UnsupportedFormatError
from classifier.photo import decode
from tests.classifier.pictures import encoded, scene


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"hello, I am a text file",
        b"\0" * 5000,
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n1 0 obj",
        b"PK\x03\x04" + b"\0" * 100,
        b"GIF88a" + b"\0" * 100,
        b"BM, a text that begins like a bitmap",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\x7fELF" + b"\0" * 60,
    ],
)
def test_what_is_not_a_picture_is_told_so(data: bytes) -> None:
    with pytest.raises(NotAPhotoError):
        decode(data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("JPEG 2000", encoded(scene(), "JPEG2000")),
        ("JPEG XL", b"\xff\x0a" + bytes(20)),
        ("JPEG XL", b"\0\0\0\x0cJXL \r\n\x87\n"),
        ("JPEG XR", b"II\xbc\1" + bytes(20)),
        ("JPEG-LS", b"\xff\xd8\xff\xf7" + bytes(20)),
        ("Icon", encoded(scene(), "ICO")),
        ("PostScript", encoded(scene(), "EPS")),
        ("SVG", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("Photoshop", b"8BPS\0\x01" + b"\0" * 20),
        ("GIMP", b"gimp xcf v011"),
        ("Netpbm", encoded(scene(), "PPM")),
        ("DirectDraw", encoded(scene(), "DDS")),
        ("QOI", b"qoif" + bytes(20)),
        ("DICOM", bytes(128) + b"DICM"),
        ("OpenEXR", b"\x76\x2f\x31\x01" + bytes(20)),
        ("Radiance HDR", b"#?RADIANCE\n"),
        ("Camera RAW", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom"),  # Canon, new
        ("Camera RAW", b"II*\0\x10\0\0\0CR\2\0"),  # Canon, old
        ("Camera RAW", b"IIRO\x08\0\0\0"),  # Olympus
        ("Camera RAW", b"IIU\0\x18\0\0\0"),  # Panasonic
        ("Camera RAW", b"FUJIFILMCCD-RAW 0201"),
        ("Camera RAW", b"FOVb" + bytes(20)),  # Sigma
    ],
)
def test_pictures_of_other_formats_are_named(name: str, data: bytes) -> None:
    with pytest.raises(UnsupportedFormatError, match=f"{name} images are not supported"):
        decode(data)


@pytest.mark.parametrize("brand", [b"isom", b"mp42", b"qt  ", b"M4V ", b"3gp5"])
def test_a_film_is_told_from_a_photo(brand: bytes) -> None:
    """A phone sends one with a live photo."""
    with pytest.raises(UnsupportedFormatError, match="Films are not supported"):
        decode(b"\0\0\0\x18ftyp" + brand + bytes(20))
