"""Drawn pictures of every format after seeded accidents: no crash, no hang, and no more than a second and 300 MB."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.classifier.pictures import encoded, exif_jpeg, heic, noise, scene
from tests.classifier.reader_process import MOST_MB, MOST_SECONDS, Reader

EACH = 150
_NUMBERS = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\xff\xff", b"\0\1\0\0", b"\0\0\0\1")


def pictures() -> dict[str, bytes]:
    grey = Image.fromarray(np.arange(64 * 48, dtype=np.uint16).reshape(48, 64))
    return {
        "JPEG": encoded(noise(64, 48), "JPEG"),
        "JPEG turned": exif_jpeg(scene(), 6),
        "progressive JPEG": encoded(noise(64, 48), "JPEG", progressive=True),
        "MPO": encoded(scene(), "MPO", save_all=True, append_images=[noise(64, 48)]),
        "PNG": encoded(scene().convert("RGBA"), "PNG"),
        "PNG of 16 bits": encoded(grey, "PNG"),
        "WebP": encoded(scene(), "WEBP"),
        "WebP without loss": encoded(scene().convert("RGBA"), "WEBP", lossless=True),
        "GIF": encoded(scene(), "GIF", save_all=True, append_images=[noise(64, 48)]),
        "BMP": encoded(scene(), "BMP"),
        "AVIF": encoded(scene().convert("RGBA"), "AVIF"),
        "HEIC": heic(noise(64, 48)),
        "HEIC with alpha": heic(scene().convert("RGBA")),
        "HEIC in tiles": heic(scene(300, 200), tile_size=128),
        "TIFF": encoded(scene(), "TIFF"),
        "TIFF of 16 bits": encoded(grey, "TIFF"),
        "TIFF, LZW": encoded(scene(), "TIFF", compression="tiff_lzw"),
        "TIFF, JPEG": encoded(scene(), "TIFF", compression="jpeg"),
        "TIFF, LZMA": encoded(scene(), "TIFF", compression="lzma"),
        "TIFF, Zstandard": encoded(scene(), "TIFF", compression="zstd"),
        "TIFF, fax": encoded(scene().convert("1"), "TIFF", compression="group4"),
    }


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """The file after one to four accidents; most are in the front half, where the headers are."""
    for _ in range(random.integers(1, 5)):
        at = int(random.integers(0, max(1, len(data) // random.integers(1, 9))))
        length = int(random.integers(1, 40))
        piece, rest = data[at : at + length], data[at + length :]
        accidents = (
            data[:at] + bytes([random.integers(256)]) + data[at + 1 :],
            data[:at] + random.bytes(length) + rest,
            data[:at] + _NUMBERS[random.integers(len(_NUMBERS))] + data[at + 4 :],
            data[:at] + rest,
            data[:at] + piece * int(random.integers(2, 200)) + rest,
            data[: max(20, len(data) - at)],
        )
        data = accidents[random.integers(len(accidents))]
    return data


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_accidents_end_in_an_answer_or_a_typed_refusal(tmp_path: Path) -> None:
    errors, file = tmp_path / "stderr", tmp_path / "photo"
    outcomes: Counter[str] = Counter()
    bad: list[dict[str, Any]] = []
    reader = Reader(errors)
    try:
        for kind, data in pictures().items():
            random = np.random.default_rng([1, len(kind), *kind.encode()])
            for number in range(EACH):
                file.write_bytes(mutated(data, random))
                found = reader.read(file)
                said = errors.read_text(errors="replace")
                os.truncate(errors, 0)
                outcome = found["outcome"].split()[0]
                outcomes[outcome] += 1
                known = outcome in ("label", "NotAPhoto", "UnsupportedFormat", "Truncated", "TooLarge")
                if not known or said or found["seconds"] > MOST_SECONDS or found["mb"] > MOST_MB:
                    bad.append({**found, "kind": kind, "number": number, "stderr": said[:500]})
    finally:
        reader.close()
    print(dict(outcomes))
    assert not bad, bad[:20]
