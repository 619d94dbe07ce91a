"""Pictures drawn for the tests, honest and hostile, as file bytes."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

RED, GREEN, BLUE = (220, 30, 30), (30, 200, 40), (30, 40, 220)
WHITE = (255, 255, 255)
# What lossy compression may cost, in grey levels; another picture, or a wrong turn of this one, differs by over 50.
LOSSY = 9


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """A picture without any symmetry: red above, blue below, a green sun in the upper left."""
    image = Image.new("RGB", (width, height), BLUE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, height // 2), fill=RED)
    draw.ellipse((0, 0, width // 3, height // 3), fill=GREEN)
    return image


def far(image: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures in grey levels."""
    return float(np.abs(np.asarray(image, np.float32) - np.asarray(other, np.float32)).mean())


def noise(width: int, height: int, seed: int = 0) -> Image.Image:
    """A picture that compresses badly."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png(width: int, height: int, *chunks: bytes, colour: int = 2, data: bytes | None = None) -> bytes:
    """A PNG with any size in its header; `data` are the raw rows, by default far too few."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000 if data is None else data)
    parts = (chunk(b"IHDR", header), *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(name: bytes, data: bytes) -> bytes:
    """One PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def with_jpeg_size(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size."""
    at = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def with_scans(data: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan is there `count` more times."""
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]


def in_scans(picture: Image.Image, colours: int = 3) -> bytes:
    """A sequential JPEG with a scan for each of its components, each of which is the picture in grey."""
    grey = encoded(picture.convert("L"), "JPEG")
    frame, scan = grey.index(b"\xff\xc0"), grey.rindex(b"\xff\xda")
    numbers = range(1, colours + 1)
    start = b"\xff\xc0" + struct.pack(">H", 8 + 3 * colours) + grey[frame + 4 : frame + 9] + bytes([colours])
    start += b"".join(bytes([number, 0x11, 0]) for number in numbers)
    scans = [grey[scan : scan + 5] + bytes([number]) + grey[scan + 6 : -2] for number in numbers]
    return grey[:frame] + start + grey[frame + 13 : scan] + b"".join(scans) + grey[-2:]


def exif_jpeg(image: Image.Image, orientation: int) -> bytes:
    """A JPEG stored so that it is `image` once its EXIF orientation is honoured."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # values of Image.Transpose
    stored = image.transpose(Image.Transpose(undo[orientation])) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(stored, "JPEG", quality=95, subsampling=0, exif=exif)


def run_bmp(width: int, height: int, runs: bytes, bits: int = 8) -> bytes:
    """A BMP of pixels of 8 or 4 bits in coded runs, of any size in its header."""
    coding = {8: 1, 4: 2}[bits]
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, coding, len(runs), 0, 0, 2**bits, 0)
    palette = bytes(2**bits * 4)
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(runs), 0, 0, start) + header + palette + runs


def heic(image: Image.Image, **options: Any) -> bytes:
    """A picture as the bytes of a HEIC file; a skip without pillow-heif."""
    pillow_heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    pillow_heif.from_pillow(image).save(file, **{"quality": 90, **options})
    return file.getvalue()
