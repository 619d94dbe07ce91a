"""What a file would cost to read, told from its headers before a decoder sees it.

Pillow reads the parts of a JPEG, PNG or GIF in Python, as many as there are, joins the pieces of its EXIF one by one,
and unpacks the runs of a BMP in Python; libjpeg goes over the whole picture again for each scan of a JPEG. A few
megabytes of empty parts, or a few kilobytes of empty scans or runs, would keep them busy for seconds. The bounds are
far above what cameras and editors write.
"""

import re
from collections import Counter
from collections.abc import Iterator

from classifier.errors import TooLargeError

# Segments of a JPEG: an honest one has 10 to 300 (a colour profile in 64 kB pieces); chunks of a PNG of 20 MB: 2,500.
_MAX_SEGMENTS = 2_000
_MAX_CHUNKS = 10_000
# Encoders write about ten scans.
_MAX_SCANS = 100
# Entries of Photoshop, which Pillow reads in Python.
_MAX_PHOTOSHOP = 10_000
# Bytes between the segments of a JPEG, which should be none. Of 0xff that stand in a row between or behind its scans
# Pillow shows libjpeg all once more with every 64 kB.
_MAX_STRAY = 4_096
_LONG_RUN = b"\xff" * _MAX_STRAY
# Bytes of a GIF in front of its first frame: comments and metadata.
_MAX_GIF_PREAMBLE = 2**18

# JPEG markers without a length behind them, as Pillow has it: an escaped 0xff, JPG, RST0 ... _EOI, JPG0 ... JPG13.
_BARE = {0x00, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)}
_SOS, _EOI, _APP1, _TABLES = 0xDA, 0xD9, 0xE1, 0xDB
# The start of a frame; C4, C8 and CC are something else.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = 0xC2
# Arithmetic coding: no camera writes it, and 200 bytes of it can stand for 100 megapixels.
_ARITHMETIC = {0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
# What Pillow reads in Python. Segments of EXIF, of 64 kB at most (one that is larger is split); bytes of frame headers
# (four components take 20) and of quantisation tables (a set of four takes 536).
_MOST = {_APP1: 8, _TABLES: 2**16, **dict.fromkeys(_FRAMES, 2_000), **dict.fromkeys(_ARITHMETIC, 0)}

_NEXT = re.compile(rb"[^\xff]*\xff+([^\xff])", re.DOTALL)
# In coded data a 0xff is followed by 0x00, by 0x01 or a restart marker, which have no length, or is a filler.
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


def count_scans(data: bytes, kind: str) -> int:
    """How often a decoder goes over the picture: the number of scans of a JPEG, 1 for another format.

    Raises TooLargeError for a file of too many parts. Damage is left to the decoder.
    """
    if kind == "PNG":
        _check_chunks(data)
    elif kind == "GIF":
        _check_preamble(data)
    elif kind == "BMP":
        _check_runs(data)
    return _jpeg_scans(data) if kind in ("JPEG", "CMYK JPEG") else 1


def _jpeg_scans(data: bytes) -> int:
    position, before, only = _first_scan(data)
    if position is None:
        return 0
    scans, run = 1, data.find(_LONG_RUN, position)
    if only and run < 0:
        return scans
    for number, code in enumerate(_codes(data, position, run if run >= 0 else len(data)), before):
        if code == _EOI:
            return scans
        scans += code == _SOS
        if scans > _MAX_SCANS or number >= _MAX_SEGMENTS:
            raise _unusual("JPEG")
    if run >= 0:
        raise _unusual("JPEG")
    return scans


def _first_scan(data: bytes) -> tuple[int | None, int, bool]:
    """Where the first scan's coded data begins, None where there is none; the number of segments before it; whether it
    is the only one that a decoder reads, since it has all components of the frame, and that is a sequential one.
    """
    position, stray = 2, 0
    had: Counter[int] = Counter()
    components = b""  # of each frame
    for number in range(1, _MAX_SEGMENTS):
        found = _NEXT.match(data, position, position + _MAX_STRAY + 2)
        if not found and position + _MAX_STRAY + 2 >= len(data):
            return None, number, False
        stray += len(found[0]) - 2 if found else _MAX_STRAY + 1
        if not found or stray > _MAX_STRAY:
            raise _unusual("JPEG")
        start, code = found.end(), found[1][0]
        position = start + (0 if code in _BARE else _length(data, start))
        if code == _APP1:
            had[code] += data.startswith(b"Exif\0\0", start + 2)
        elif code in _MOST:
            had[code] += position - start
        if code in _FRAMES:
            components += data[start + 7 : start + 8]
        if had[code] > _MOST.get(code, 0):
            raise _unusual("JPEG")
        if code == _SOS:
            if data.count(b"8BIM", 0, position) > _MAX_PHOTOSHOP:
                raise _unusual("JPEG")
            # Anywhere, as in a thumbnail: a decoder that came upon it by another way would read on.
            sequential = data.find(bytes([0xFF, _PROGRESSIVE]), 0, position) < 0
            return position, number, sequential and components == data[start + 2 : start + 3]
    raise _unusual("JPEG")


def _codes(data: bytes, position: int, end: int) -> Iterator[int]:
    """The codes of the segments of a JPEG from a position on, one of them or coded data, until the end of the picture.

    A code is the second byte of a marker.
    """
    code = None
    while code != _EOI and (found := _MARKER.search(data, position, end)):
        code, position = found[0][1], found.end() + _length(data, found.end())
        yield code


def _length(data: bytes, position: int) -> int:
    return max(2, int.from_bytes(data[position : position + 2]))


def _check_chunks(data: bytes) -> None:
    position = 8
    for _ in range(_MAX_CHUNKS):
        if position >= len(data):
            return
        position += 12 + int.from_bytes(data[position : position + 4])
    raise _unusual("PNG")


def _check_preamble(data: bytes) -> None:
    """Walk over what stands in front of the first frame, in the way that Pillow does."""
    flags = data[10] if len(data) > 10 else 0
    position = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while position < min(len(data), _MAX_GIF_PREAMBLE):
        if data[position] in b",;":
            return
        if data[position] != 0x21:
            position += 1
            continue
        position += 2
        while position < _MAX_GIF_PREAMBLE and data[position : position + 1] not in (b"", b"\0"):
            position += 1 + data[position]
        position += 1
    if position < len(data):
        raise _unusual("GIF")


def _check_runs(data: bytes) -> None:
    """Refuse runs of 8 or 4 bits: nobody writes them any more, and two bytes can stand for millions of steps."""
    header = int.from_bytes(data[14:18], "little")
    if header >= 40 and int.from_bytes(data[30:34], "little") in (1, 2):
        raise _unusual("BMP")


def _unusual(kind: str) -> TooLargeError:
    return TooLargeError(f"This {kind} is put together in a way that takes too long to read. Save it again as a JPEG.")
