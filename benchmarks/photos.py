"""The photos of the benchmark: drawn JPEGs, which cost a decoder what a camera's do, and those of a folder."""

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image

SIZES = {"180px": (180, 180), "2mp": (1600, 1200), "12mp": (4000, 3000)}
# Files of a folder that are read, spread over it.
_FROM_FOLDER = 40

Sets = dict[str, list[bytes]]


def drawn(each: int, sizes: Mapping[str, tuple[int, int]] = SIZES) -> Sets:
    """Each size as baseline and as progressive JPEG, `each` pictures a set."""
    return {
        f"{name}_{kind}": [
            _jpeg(_picture(*size, seed), quality=88, progressive=kind == "progressive") for seed in range(each)
        ]
        for name, size in sizes.items()
        for kind in ("baseline", "progressive")
    }


def of_bytes(wanted: int) -> bytes:
    """A baseline JPEG of 2 megapixels of about so many bytes."""
    picture = _picture(*SIZES["2mp"], seed=0)
    return min(
        (_jpeg(picture, quality=quality) for quality in range(40, 96, 2)), key=lambda data: abs(len(data) - wanted)
    )


def jpegs(folder: Path) -> list[Path]:
    """The JPEGs of a folder and of those in it, by their names."""
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".jpg", ".jpeg") and file.is_file())


def of_folder(folder: Path) -> list[bytes]:
    """The JPEGs of a folder; of many, some spread over all."""
    files = jpegs(folder)
    chosen = np.linspace(0, len(files) - 1, min(_FROM_FOLDER, len(files))).astype(int)
    return [files[number].read_bytes() for number in chosen]


def enlarged(data: bytes) -> bytes:
    """A photo blown up to 2 megapixels: real content for the decoder to reduce, though soft."""
    with Image.open(io.BytesIO(data)) as image:
        return _jpeg(image.convert("RGB").resize(SIZES["2mp"], Image.Resampling.BICUBIC), quality=88)


def _picture(width: int, height: int, seed: int) -> Image.Image:
    """Soft coloured shapes, and grain as a sensor has: a file has about two bits a pixel, as a camera's."""
    random = np.random.default_rng(seed)
    shapes = Image.fromarray(random.integers(0, 256, (9, 12, 3), np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = random.normal(0, 5, (height, width, 1)).astype(np.float32)
    return Image.fromarray((np.asarray(shapes) + grain).clip(0, 255).astype(np.uint8))


def _jpeg(picture: Image.Image, quality: int, progressive: bool = False) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, progressive=progressive)
    return file.getvalue()
