"""What the trunk learns from: labels, parts, and photos of neither as Asirra would have stored them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.train.drawn import scene
from tests.train.trunk.small_data import fill
from train.errors import DataMissingError
from train.trunk import pictures


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return fill(tmp_path, monkeypatch)


def test_labels_are_cat_dog_and_neither_in_both_parts(data: Path) -> None:
    train, validation = pictures.load(data)
    for part in (train, validation):
        assert part.images.shape[1:] == (pictures.SIDE, pictures.SIDE, 3)
        assert len(part) == len(part.images)
        assert set(part.labels) == {0, 1, 2}


def test_no_picture_of_neither_is_in_both_parts(data: Path) -> None:
    train, validation = pictures.load(data)
    learnt, held_out = (
        {picture.tobytes() for picture in part.images[part.labels == 2]} for part in (train, validation)
    )
    assert not learnt & held_out
    assert held_out


def test_copies_and_what_is_no_photo_are_left_out(data: Path) -> None:
    before = len(pictures.neither(data / "neither"))
    Image.open(data / "neither" / "things" / "0.jpg").save(data / "neither" / "copy.png")
    (data / "neither" / "broken.jpg").write_bytes(b"no photo")
    assert len(pictures.neither(data / "neither")) == before


def test_a_wide_photo_is_squashed_to_asirras_shape(tmp_path: Path) -> None:
    scene(1).resize((400, 100)).save(tmp_path / "wide.jpg")
    found = pictures.stored(tmp_path / "wide.jpg")
    assert found is not None
    assert found.shape == (pictures.SIDE, pictures.SIDE, 3)


def test_too_few_photos_of_neither_are_said_before_anything_is_decoded(tmp_path: Path) -> None:
    (tmp_path / "neither").mkdir()
    with pytest.raises(DataMissingError, match=r"0 photos.*docs/PICTURES\.md"):
        pictures.load(tmp_path)


def test_the_digest_follows_pictures_and_labels() -> None:
    images, labels = np.zeros((2, 4, 4, 3), np.uint8), np.array([0, 1])
    same = pictures.Pictures(images.copy(), labels.copy()).digest
    assert pictures.Pictures(images, labels).digest == same
    assert pictures.Pictures(images + 1, labels).digest != same
    assert pictures.Pictures(images, labels[::-1].copy()).digest != same
