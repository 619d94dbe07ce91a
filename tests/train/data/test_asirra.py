"""The archive of cats and dogs: which label a photo has, which part it is in, and what is left out."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.train.drawn import scene
from train.data import asirra
from train.errors import DataMissingError

# Photos at the ends of each part of both splits.
NUMBERS = (0, 1, 3_600, 3_601, 4_000, 4_001, 5_000, 8_999, 9_000, 9_999, 10_000, 12_499)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A few photos laid out as the archive."""
    monkeypatch.setattr(asirra, "FEWEST", 2 * len(NUMBERS))
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    fill(tmp_path / "data", first_seed=0)
    return tmp_path / "data"


def fill(root: Path, first_seed: int) -> None:
    for number, kind in enumerate(("Cat", "Dog")):
        (root / "PetImages" / kind).mkdir(parents=True)
        for row, name in enumerate(NUMBERS):
            scene(first_seed + 100 * number + row).save(root / "PetImages" / kind / f"{name}.jpg", quality=90)


def test_cats_are_labelled_cat_and_dogs_dog(archive: Path) -> None:
    data = asirra.asirra(archive, 24, 32)
    for part in (data.train, data.validation, data.test):
        named = [data.labels[label] for label in part.labels]
        assert named == [key.split("/")[0].lower() for key in part.keys]
        assert set(named) == {"cat", "dog"}


def test_the_parts_are_those_that_the_card_names(archive: Path) -> None:
    fixed = asirra.asirra(archive, 24, 32)
    assert numbers(fixed.train.keys) == {0, 1, 3_600, 3_601, 4_000, 4_001, 5_000, 8_999}
    assert numbers(fixed.validation.keys) == {9_000, 9_999}
    assert numbers(fixed.test.keys) == {10_000, 12_499}
    reports = asirra.asirra(archive, 24, 32, "reports")
    assert numbers(reports.train.keys) == {1, 3_600}
    assert numbers(reports.validation.keys) == {3_601, 4_000}
    assert numbers(reports.test.keys) == {4_001, 5_000}


def numbers(keys: tuple[str, ...]) -> set[int]:
    return {int(key.split("/")[1]) for key in keys}


def test_pictures_are_of_the_size_asked_for_and_the_files_are_named(archive: Path) -> None:
    data = asirra.asirra(archive, 24, 32)
    assert data.train.images.shape == (16, 24, 32, 3)
    assert [file.relative_to(archive / "PetImages").with_suffix("").as_posix() for file in data.files] == list(
        data.test.keys
    )


def test_pictures_stay_in_their_file_until_they_are_wanted(archive: Path) -> None:
    data = asirra.asirra(archive, 24, 32)
    assert all(isinstance(part.images, np.memmap) for part in (data.train, data.validation, data.test))
    assert isinstance(data.pictures.images, np.memmap)


def test_a_copy_of_an_earlier_photo_is_left_out_and_kept_only_for_the_reports(archive: Path) -> None:
    pictures = archive / "PetImages"
    (pictures / "Dog" / "4001.jpg").write_bytes((pictures / "Cat" / "0.jpg").read_bytes())
    fixed = asirra.asirra(archive, 24, 32)
    assert "Dog/4001" not in fixed.train.keys
    assert "Cat/0" in fixed.train.keys
    assert "Dog/4001" in asirra.asirra(archive, 24, 32, "reports").test.keys


def test_pictures_without_an_animal_are_left_out(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asirra, "NOT_ANIMALS", frozenset({"Cat/10000"}))
    assert "Cat/10000" not in asirra.asirra(archive, 24, 32).test.keys


def test_another_folder_never_gets_the_pictures_of_the_first(archive: Path, tmp_path: Path) -> None:
    first = asirra.asirra(archive, 24, 32)
    fill(tmp_path / "other", first_seed=5_000)
    other = asirra.asirra(tmp_path / "other", 24, 32)
    assert other.train.keys == first.train.keys
    assert not np.array_equal(other.train.images, first.train.images)


def test_a_photo_that_was_changed_is_decoded_again(archive: Path) -> None:
    before = asirra.asirra(archive, 24, 32)
    scene(777).save(archive / "PetImages" / "Cat" / "0.jpg", quality=90)
    after = asirra.asirra(archive, 24, 32)
    changed = [not np.array_equal(*pair) for pair in zip(before.train.images, after.train.images, strict=True)]
    assert [key for key, is_changed in zip(after.train.keys, changed, strict=True) if is_changed] == ["Cat/0"]


def test_missing_photos_are_named_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match=r"0 of 25,000 Asirra photos.*--data"):
        asirra.asirra(tmp_path, 64, 64)


@pytest.mark.slow
def test_fixed_split_of_the_real_photos(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if "DATA_DIR" not in os.environ:
        pytest.skip("set DATA_DIR to the folder that holds PetImages")
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    data = asirra.asirra(Path(os.environ["DATA_DIR"]), 32, 32)
    assert (len(data.train), len(data.validation), len(data.test)) == (17_978, 1_995, 4_987)
    everything = {*data.train.keys, *data.validation.keys, *data.test.keys}
    assert len(everything) == 17_978 + 1_995 + 4_987
    assert not everything & asirra.NOT_ANIMALS
    reports = asirra.asirra(Path(os.environ["DATA_DIR"]), 32, 32, "reports")
    assert len(reports.test) == 2_000
