"""Which TIFF is a photo: cameras keep their raw data in TIFF as well, with a small preview in front."""

import io

from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

from classifier.errors import UnsupportedFormatError

# Tags of TIFF 6.0, TIFF/EP and DNG 1.7.
_SUBFILE, _COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _DNG_VERSION = 254, 259, 262, 330, 50706
# Compressions of Sony, Nikon and Pentax; pixels in the pattern of a sensor's filters, and linear raw ones.
_RAW_COMPRESSIONS = {32767, 34713, 65535}
_RAW_PIXELS = {32803, 34892}


def open_tiff(file: io.BytesIO) -> TiffImageFile:
    """The first page, of which the headers are read.

    Raises UnsupportedFormatError for a camera's raw data, whose preview is too small to stand for the photo; else what
    Pillow raises.
    """
    header = file.read(8)
    tags = ImageFileDirectory_v2(header + file.read(8) if header[2] == 43 else header)  # 43: BigTIFF
    file.seek(tags.next)
    tags.load(file)
    preview = tags.get(_SUBFILE) == 1 and _SUB_IFDS in tags
    compressed, raw = tags.get(_COMPRESSION) in _RAW_COMPRESSIONS, tags.get(_PHOTOMETRIC) in _RAW_PIXELS
    if preview or compressed or raw or _DNG_VERSION in tags:
        raise UnsupportedFormatError("Camera RAW images are not supported. Save the photo as JPEG and try again.")
    file.seek(0)
    return TiffImageFile(file)
