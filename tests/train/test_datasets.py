"""Pictures to arrays: copies are found, and the fixed split of the real data set is what the cards say."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from train import datasets
from train.datasets import DataMissingError, Part


def _scene(seed: int) -> Image.Image:
    """Soft coloured clouds: as in a photo, and unlike in flat shapes, no two neighbours are equally bright."""
    noise = np.random.default_rng(seed).integers(0, 256, (7, 7, 3), np.uint8)
    return Image.fromarray(noise).resize((180, 180), Image.Resampling.BICUBIC)


def test_duplicates_finds_a_copy_saved_again_and_resized(tmp_path: Path) -> None:
    for number in range(6):
        _scene(number).save(tmp_path / f"{number}.jpg", quality=90)
    _scene(2).resize((120, 120)).save(tmp_path / "6.jpg", quality=60)
    images = datasets._load_pictures([tmp_path / f"{number}.jpg" for number in range(7)], 16, 17)
    assert datasets.duplicates(images) == [(2, 6)]


def test_missing_photos_are_named_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"0 of 25,000 Asirra photos.*--data"):
        datasets.asirra(tmp_path, 64, 64)


def test_parts_add_up_and_are_sampled_by_class() -> None:
    part = Part(np.zeros((6, 2, 2, 3), np.uint8), np.array([0, 0, 0, 1, 1, 1]), tuple("abcdef"))
    assert len(part + part) == 12
    assert datasets.sample(part, 2).keys == ("a", "b", "d", "e")


@pytest.mark.slow
def test_fixed_split_of_the_real_photos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if "DATA_DIR" not in os.environ:
        pytest.skip("set DATA_DIR to the folder that holds PetImages")
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    data = datasets.asirra(Path(os.environ["DATA_DIR"]), 32, 32)
    assert (len(data.train), len(data.validation), len(data.test)) == (17_978, 1_995, 4_987)
    everything = {*data.train.keys, *data.validation.keys, *data.test.keys}
    assert len(everything) == 17_978 + 1_995 + 4_987
    assert not everything & datasets.ASIRRA_NOT_ANIMALS
    reports = datasets.asirra(Path(os.environ["DATA_DIR"]), 32, 32, "reports")
    assert len(reports.test) == 2_000
