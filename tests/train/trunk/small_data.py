"""A few drawn pictures laid out as the trunk's data."""

from pathlib import Path

import pytest

from tests.train.drawn import scene
from train.data import asirra
from train.trunk import pictures

NUMBERS = (*range(8), 9_000, 9_001, 10_000, 10_001)
NEITHER = 22


def fill(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write them and take the bounds down that are meant for thousands; returns the folder."""
    monkeypatch.setattr(asirra, "FEWEST", 2 * len(NUMBERS))
    monkeypatch.setattr(pictures, "FEWEST", NEITHER)
    monkeypatch.setattr(pictures, "_PLAIN", 7)
    monkeypatch.setattr(pictures, "_PLAIN_HELD_OUT", 1)
    monkeypatch.setenv("CACHE_DIR", str(root / "cache"))
    data = root / "data"
    for number, kind in enumerate(("Cat", "Dog")):
        (data / "PetImages" / kind).mkdir(parents=True)
        for row, name in enumerate(NUMBERS):
            scene(100 * number + row).save(data / "PetImages" / kind / f"{name}.jpg", quality=90)
    (data / "neither" / "things").mkdir(parents=True)
    for row in range(NEITHER):
        scene(1_000 + row).save(data / "neither" / "things" / f"{row}.jpg", quality=90)
    return data
