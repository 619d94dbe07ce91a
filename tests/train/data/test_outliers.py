"""Pictures of none of the classes: stored like the others, without copies, some held out."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from train.data import outliers
from train.errors import DataMissingError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    for number in range(60):
        picture = Image.fromarray(rng.integers(0, 256, (6, 8, 3), np.uint8)).resize(
            (240, 180), Image.Resampling.BICUBIC
        )
        ImageDraw.Draw(picture).ellipse((number, 40, number + 60, 100), fill="white")
        (tmp_path / f"{number % 3}").mkdir(exist_ok=True)
        picture.save(tmp_path / f"{number % 3}" / f"{number}.jpg")
    picture.save(tmp_path / "0" / "copy.jpg", quality=60)
    return tmp_path


def test_reads_every_photo_once_in_two_parts(folder: Path) -> None:
    train, held_out = outliers.read(folder, 40, 48, label=2)
    assert len(train) + len(held_out) == 60
    assert 0 < len(held_out) < len(train) / 3, "one in ten is held out"
    assert not set(train.keys) & set(held_out.keys)
    assert train.images.shape[1:] == (40, 48, 3)
    assert set(train.labels) == {2}


def test_a_photo_stays_in_its_part_when_others_come(folder: Path) -> None:
    _, before = outliers.read(folder, 16, 16, label=2)
    Image.effect_noise((64, 64), 90).convert("RGB").save(folder / "new.png")
    _, after = outliers.read(folder, 16, 16, label=2)
    assert set(before.keys) <= set(after.keys)


def test_is_stored_as_the_archive_stores_its_photos(folder: Path) -> None:
    stored = outliers.stored_as_asirra(folder / "0" / "0.jpg")
    assert stored.size == (180, 180)


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="put some there"):
        outliers.read(tmp_path, 8, 8, label=2)
