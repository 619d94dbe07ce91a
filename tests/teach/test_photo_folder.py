"""Folders as people have them: every file has a decided outcome, and what is left out is named."""

import os
from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.walk import HIDDEN
from teach.examples import NONE
from teach.photo_folder import look


def touch(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    return root


def labels(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for label, file in look(root).files:
        found.setdefault(label, []).append(file.name)
    return found


def test_a_folder_for_each_label(tmp_path: Path) -> None:
    touch(tmp_path, "rose/b.jpg", "rose/a.jpg", "tulip/deep/er/c.png")
    assert labels(tmp_path) == {"rose": ["a.jpg", "b.jpg"], "tulip": ["c.png"]}
    assert look(tmp_path).left_out == []


def test_any_suffix_and_none_will_do(tmp_path: Path) -> None:
    names = ["a.jfif", "b.jpe", "c.mpo", "d.heif", "e.tif", "f", "g.JPG", "h.txt"]
    touch(tmp_path, *(f"rose/{name}" for name in names))
    assert labels(tmp_path) == {"rose": sorted(names)}


@pytest.mark.parametrize(
    "left",
    [
        ".DS_Store",
        "rose/.DS_Store",
        "rose/Thumbs.db",
        "rose/desktop.ini",
        "rose/._a.jpg",
        "rose/.thumbnails/a.jpg",
        "rose/.ipynb_checkpoints/a.jpg",
        "rose/@eaDir/a.jpg",
        "__MACOSX/rose/a.jpg",
        "$RECYCLE.BIN/a.jpg",
    ],
)
def test_what_systems_leave_is_skipped_and_named(tmp_path: Path, left: str) -> None:
    touch(tmp_path, "rose/a.jpg", "tulip/b.jpg", left)
    found = look(tmp_path)
    assert labels(tmp_path) == {"rose": ["a.jpg"], "tulip": ["b.jpg"]}
    [(name, why)] = found.left_out
    assert left.startswith(name)
    assert why == HIDDEN


def test_photos_beside_the_folders_have_no_label(tmp_path: Path) -> None:
    touch(tmp_path, "rose/a.jpg", "loose.jpg")
    assert look(tmp_path).left_out == [("loose.jpg", "not in the folder of a label")]


@pytest.mark.parametrize(
    "parts", [("train", "val", "test"), ("training", "validation", "testing"), ("Train", "valid"), ("train",)]
)
def test_a_split_is_read_together(tmp_path: Path, parts: tuple[str, ...]) -> None:
    touch(tmp_path, *(f"{part}/{label}/{part}.jpg" for part in parts for label in ("rose", "tulip")))
    assert {label: sorted(names) for label, names in labels(tmp_path).items()} == {
        label: sorted(f"{part}.jpg" for part in parts) for label in ("rose", "tulip")
    }
    assert sorted(look(tmp_path).split) == sorted(parts)


def test_photos_for_a_test_without_labels_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "train/rose/a.jpg", "train/tulip/b.jpg", "test/1.jpg")
    assert labels(tmp_path) == {"rose": ["a.jpg"], "tulip": ["b.jpg"]}
    assert ("test/", "its photos have no label") in look(tmp_path).left_out


def test_a_split_beside_labels_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "train/rose/a.jpg", "train/tulip/b.jpg", "daisy/c.jpg")
    with pytest.raises(BadRequestError, match=r"train is the name of a part .* but daisy stands beside it"):
        look(tmp_path)


def test_parts_without_labels_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, "train/a.jpg", "test/b.jpg")
    with pytest.raises(BadRequestError, match="test, train: these are parts of a data set"):
        look(tmp_path)


def test_a_train_is_a_thing_too(tmp_path: Path) -> None:
    touch(tmp_path, "train/a.jpg", "bus/b.jpg")
    assert set(labels(tmp_path)) == {"train", "bus"}


@pytest.mark.parametrize("name", ["none", "None", "none of these"])
def test_a_folder_called_none_is_no_label(tmp_path: Path, name: str) -> None:
    touch(tmp_path, "rose/a.jpg", f"{name}/b.jpg")
    assert labels(tmp_path) == {"rose": ["a.jpg"], NONE: ["b.jpg"]}


def test_none_may_be_elsewhere(tmp_path: Path) -> None:
    touch(tmp_path, "photos/rose/a.jpg", "rest/sub/b.jpg")
    found = look(tmp_path / "photos", tmp_path / "rest")
    assert [(label, file.name) for label, file in found.files] == [("rose", "a.jpg"), (NONE, "b.jpg")]


def test_links_are_followed_once(tmp_path: Path) -> None:
    touch(tmp_path, "elsewhere/a.jpg", "photos/tulip/b.jpg")
    (tmp_path / "photos" / "rose").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "photos" / "tulip" / "round").symlink_to(tmp_path / "photos" / "tulip")
    (tmp_path / "photos" / "tulip" / "gone.jpg").symlink_to(tmp_path / "nowhere")
    found = look(tmp_path / "photos")
    assert [(label, file.name) for label, file in found.files] == [("rose", "a.jpg"), ("tulip", "b.jpg")]
    assert found.left_out == [("tulip/gone.jpg", "a link to nothing")]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    touch(tmp_path, "rose/a.jpg")
    os.mkfifo(tmp_path / "rose" / "pipe.jpg")
    assert look(tmp_path).left_out == [("rose/pipe.jpg", "not a file")]


def test_names_are_free_text(tmp_path: Path) -> None:
    names = ["猫", "$HOME", "<b>", "café", "x" * 80, "a b", "[red]"]
    touch(tmp_path, *(f"{name}/a.jpg" for name in names))
    assert set(labels(tmp_path)) == set(names)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    os.makedirs(os.fsencode(tmp_path) + b"/caf\xe9")  # noqa: PTH103 - a Path would hide what it is about
    with pytest.raises(BadRequestError, match="not UTF-8"):
        look(tmp_path)


def test_names_that_differ_by_case_are_refused(tmp_path: Path) -> None:
    touch(tmp_path, "Rose/a.jpg", "rose/b.jpg")
    with pytest.raises(BadRequestError, match="differ by case only"):
        look(tmp_path)


def test_what_is_no_folder_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "file.jpg")
    with pytest.raises(BadRequestError, match="There is no folder"):
        look(tmp_path / "nowhere")
    with pytest.raises(BadRequestError, match="is a file"):
        look(tmp_path / "file.jpg")
