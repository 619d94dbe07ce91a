"""A folder of one's own photos: what becomes a class, which photo goes where, and what is said instead."""

import logging
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.train.drawn import scene, shape, shapes
from train.data import class_folders
from train.data.class_folders import read, uneven
from train.errors import FolderError


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shapes(tmp_path_factory.mktemp("drawings") / "d", 20)


def test_each_class_is_split_and_labelled_by_its_folder(drawings: Path) -> None:
    data = read(drawings)
    assert data.labels == ("cross", "disc")
    assert (len(data.train), len(data.validation), len(data.test)) == (28, 6, 6)
    for part in (data.train, data.validation, data.test):
        assert np.bincount(part.labels).tolist() == [len(part) // 2] * 2
    assert not set(data.train.keys) & {*data.test.keys, *data.validation.keys}
    assert not set(data.validation.keys) & set(data.test.keys)


def test_a_photos_place_follows_from_its_bytes_and_not_from_its_name(drawings: Path, tmp_path: Path) -> None:
    for folder in drawings.iterdir():
        (tmp_path / folder.name).mkdir()
        for number, file in enumerate(sorted(folder.iterdir(), reverse=True)):
            (tmp_path / folder.name / f"renamed {number}.png").write_bytes(file.read_bytes())
    before, after = read(drawings), read(tmp_path)
    assert before.test.keys == after.test.keys
    assert np.array_equal(before.test.images, after.test.images)
    assert before.train.keys == after.train.keys


def test_copies_and_files_that_are_no_photos_are_left_out_by_name(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shapes(tmp_path, 12)
    Image.open(tmp_path / "cross" / "3.png").save(tmp_path / "cross" / "copy.bmp")
    (tmp_path / "cross" / "notes.txt").write_text("not a photo")
    (tmp_path / "cross" / "page.jpg").write_text("<html></html>")
    (tmp_path / "cross" / "bad_disk.jpg").symlink_to("/proc/self/mem")  # reading it is an I/O error
    with caplog.at_level(logging.INFO):
        data = read(tmp_path)
    assert len(data.train) + len(data.validation) + len(data.test) == 24
    assert "left out cross/page.jpg: This is not a photo" in caplog.text
    assert "left out cross/bad_disk.jpg: Input/output error" in caplog.text
    assert "cross: 12 photos, 1 copies left out" in caplog.text


@pytest.mark.parametrize(("classes", "photos", "words"), [(1, 12, "1 class folders"), (2, 9, "has 9 usable photos")])
def test_too_little_to_learn_from_says_what_is_missing(classes: int, photos: int, words: str, tmp_path: Path) -> None:
    shapes(tmp_path, photos, ("disc", "cross")[:classes])
    with pytest.raises(FolderError, match=words):
        read(tmp_path)


def test_a_class_of_ten_is_enough(tmp_path: Path) -> None:
    assert len(read(shapes(tmp_path / "s", 10)).test) == 4


def test_more_photos_than_fit_in_memory_are_refused_before_one_is_read(
    drawings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_folders, "MOST", 39)
    monkeypatch.setattr(class_folders, "_decoded", None)
    with pytest.raises(FolderError, match="40 photos; at most 39"):
        read(drawings)


@pytest.mark.parametrize(
    "parts",
    [("train", "val", "test"), ("training", "validation", "testing"), ("Train", "valid"), ("roses", "tulips", "Test")],
)
def test_the_parts_of_a_split_are_never_classes(parts: tuple[str, ...], tmp_path: Path) -> None:
    for part in parts:
        for name in ("disc", "cross"):
            (tmp_path / part / name).mkdir(parents=True)
            shape(name, 0).save(tmp_path / part / name / "1.png")
    with pytest.raises(FolderError, match=r"holds parts of a split.*Put all photos of a class into one folder"):
        read(tmp_path)


def test_a_test_folder_without_classes_beside_real_ones_is_a_part_too(drawings: Path, tmp_path: Path) -> None:
    for folder in drawings.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    (tmp_path / "test").mkdir()
    with pytest.raises(FolderError, match=r"holds parts of a split, not classes: test\."):
        read(tmp_path)


def test_a_train_is_a_thing_too(tmp_path: Path) -> None:
    for label, name in enumerate(("car", "train")):
        (tmp_path / name).mkdir()
        for number in range(10):
            scene(100 * label + number).save(tmp_path / name / f"{number}.jpg")
    assert read(tmp_path).labels == ("car", "train")


@pytest.mark.parametrize(
    ("name", "words"), [("nothing", "is not there"), ("photos.zip", "is a file, not a folder; unpack")]
)
def test_what_is_no_folder_says_what_to_name(name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "photos.zip").touch()
    with pytest.raises(FolderError, match=f"{words}.*Name a folder that holds a folder of photos for each class"):
        read(tmp_path / name)


def test_a_name_that_is_not_utf_8_is_refused_before_any_work(tmp_path: Path) -> None:
    shapes(tmp_path, 10)
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    with pytest.raises(FolderError, match=r"caf.* is not UTF-8\. Rename it"):
        read(tmp_path)


def test_a_class_of_far_fewer_photos_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shapes(tmp_path / "few", 12, ("cross",))
    shapes(tmp_path / "few" / "more", 60, ("disc",))
    (tmp_path / "few" / "more" / "disc").rename(tmp_path / "few" / "disc")
    (tmp_path / "few" / "more").rmdir()
    assert uneven(read(tmp_path / "few")) == (
        "Few photos to learn from of cross (8), beside disc (42): add more of them.",
    )
    assert "Few photos to learn from of cross" in caplog.text


def test_classes_of_about_the_same_number_are_not(drawings: Path) -> None:
    assert uneven(read(drawings)) == ()
