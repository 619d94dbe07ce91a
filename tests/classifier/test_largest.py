"""The largest picture of each kind that is still read needs a second and 300 MB, model and all."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.classifier.pictures import encoded, heic, in_scans, with_scans
from tests.classifier.reader_process import MOST_MB, MOST_SECONDS, Reader


def bands(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Diagonal bands with some grain: not quite flat, and quick to make."""
    rows, columns = np.ogrid[:height, :width]
    grey = ((rows // 7 + columns // 5) % 251).astype(np.uint8)
    return Image.merge(mode, [Image.fromarray(grey)] * len(mode)) if len(mode) > 1 else Image.fromarray(grey)


def transparent(width: int, height: int) -> Image.Image:
    picture = bands(width, height, "L").convert("P")
    picture.info["transparency"] = 7
    return picture


def with_metadata(data: bytes, size: int) -> bytes:
    """A JPEG with so many bytes that no decoder needs."""
    return data[:2] + (b"\xff\xe5\xff\xff" + bytes(65_533)) * (size // 65_537) + data[2:]


TURNED = Image.Exif()
TURNED[0x0112] = 6
SIDES = (6000, 4030)
SCREEN = (7680, 4320)
LARGEST: dict[str, Callable[[], bytes]] = {
    "JPEG of a phone of 200 megapixels": lambda: encoded(bands(16_384, 12_288), "JPEG", quality=30),
    "JPEG of a phone of 108 megapixels, cut off": lambda: encoded(bands(12_000, 9_000), "JPEG", quality=30)[:-2],
    "progressive JPEG in full colour": lambda: encoded(
        bands(*SIDES), "JPEG", quality=30, progressive=True, subsampling=0
    ),
    "progressive JPEG with scans over again": lambda: with_scans(
        encoded(bands(*SIDES), "JPEG", quality=20, progressive=True), 1
    ),
    "progressive JPEG in four colours, with metadata": lambda: with_metadata(
        in_scans(bands(4850, 3740), colours=4), 12_000_000
    ),
    "PNG": lambda: encoded(bands(*SCREEN), "PNG", compress_level=1),
    "PNG of a long page": lambda: encoded(bands(1080, 24_000), "PNG", compress_level=1),
    "PNG with transparency": lambda: encoded(bands(*SCREEN, "RGBA"), "PNG", compress_level=1),
    "PNG of 16 bits": lambda: encoded(Image.fromarray(np.full(SCREEN[::-1], 999, np.uint16)), "PNG", compress_level=1),
    "PNG of 16 bits, long and turned": lambda: encoded(
        Image.fromarray(np.full((880, 37_800), 999, np.uint16)), "PNG", compress_level=1, exif=TURNED
    ),
    "PNG with transparency, as long as may be": lambda: encoded(bands(65_535, 510, "RGBA"), "PNG", compress_level=1),
    "PNG with a transparent colour": lambda: encoded(transparent(*SCREEN), "PNG", compress_level=1),
    "GIF with transparency": lambda: encoded(transparent(*SIDES), "GIF"),
    "BMP of one bit": lambda: encoded(bands(*SIDES, "L").convert("1"), "BMP"),
    "WebP with transparency": lambda: encoded(bands(4000, 3140, "RGBA"), "WEBP", method=0, quality=30),
    "AVIF with transparency": lambda: encoded(bands(5200, 3940, "RGBA"), "AVIF", speed=10, quality=30),
    "HEIC of a phone of 24 megapixels": lambda: heic(bands(5712, 4284), quality=30),
    "TIFF of a page of A4": lambda: encoded(bands(4961, 7016), "TIFF", compression="tiff_adobe_deflate"),
    "TIFF with transparency": lambda: encoded(bands(5120, 7020, "RGBA"), "TIFF", compression="tiff_adobe_deflate"),
    "TIFF of measurements": lambda: encoded(
        Image.fromarray(np.asarray(bands(5120, 7020, "L"), np.float32) / 7), "TIFF", compression="tiff_adobe_deflate"
    ),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", LARGEST)
def test_it_is_read_within_a_second_and_300_mb(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "largest"
    file.write_bytes(LARGEST[kind]())
    reader = Reader(tmp_path / "stderr")
    try:
        found = reader.read(file)
    finally:
        reader.close()
    print(f"LARGEST {kind}: {file.stat().st_size / 1e6:.1f} MB, {found}")
    assert found["outcome"].startswith("label"), found
    assert found["seconds"] < MOST_SECONDS, found
    assert found["mb"] < MOST_MB, found
