"""Photos to train on: what counts, what is refused, and the views that are kept of each."""

import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from classifier.settings import Settings
from teach.embedding import Embedder
from teach.report import Report
from teach.teacher import find
from tests.teach.drawn import fill
from train.errors import FolderError
from train.folder import photos as module
from train.folder.photos import VIEWS, Photos, kept_maps, load, views


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawings")
    for shape in ("disc", "cross"):
        fill(folder / shape, shape, 10)
    return folder


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(Settings())


@pytest.fixture(scope="module")
def some(drawings: Path, embedder: Embedder) -> Photos:
    return load(find(drawings), embedder)


def test_rows_files_and_labels_belong_together(some: Photos) -> None:
    assert [some.examples.label(row) for row in range(20)] == [file.parent.name for file in some.files]
    assert [str(file.relative_to(file.parents[1])) for file in some.files] == list(some.examples.names)
    assert some.split is None


def test_copies_and_what_is_no_photo_are_not_used_but_named(drawings: Path, embedder: Embedder, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(drawings, folder)
    fill(folder / "disc", "disc", 1, start=10)
    shutil.copy(folder / "disc" / "disc0.jpg", folder / "disc" / "again.jpg")
    shutil.copy(folder / "disc" / "disc10.jpg", folder / "cross" / "both.jpg")
    (folder / "disc" / "bad_disk.jpg").symlink_to("/proc/self/mem")  # reading it is an I/O error
    found = load(find(folder), embedder)
    assert len(found.files) == 20
    report = Report([], {}, {}, [], [], [], {}, [], [], 0.0)
    found.tell(report)
    assert len(report.copies) == 1
    assert {entry["name"] for entry in report.set_aside} == {"disc/disc10.jpg", "cross/both.jpg"}
    assert [entry["name"] for entry in report.left_out] == ["disc/bad_disk.jpg"]


def test_other_photos_have_another_digest(some: Photos, drawings: Path, embedder: Embedder, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    shutil.copytree(drawings, folder)
    assert load(find(folder), embedder).digest == some.digest
    fill(folder / "disc", "disc", 1, start=10)
    assert load(find(folder), embedder).digest != some.digest


def test_parts_are_those_of_the_folders(drawings: Path, embedder: Embedder, tmp_path: Path) -> None:
    shutil.copytree(drawings, tmp_path / "Train")
    for shape in ("disc", "cross"):
        fill(tmp_path / "valid" / shape, shape, 2, start=20)
    found = load(find(tmp_path), embedder)
    assert sorted(set(found.parts)) == ["train", "valid"]
    assert found.split is not None
    assert [rows.sum() for rows in found.split] == [4, 4]


@pytest.mark.parametrize(
    ("counts", "says"),
    [({"disc": 10, "cross": 9}, "'cross' has 9 usable photos"), ({"disc": 10}, "only one label")],
)
def test_too_little_is_refused(counts: dict[str, int], says: str, embedder: Embedder, tmp_path: Path) -> None:
    for shape, count in counts.items():
        fill(tmp_path / shape, shape, count)
    with pytest.raises(FolderError, match=says):
        load(find(tmp_path), embedder)


def test_a_part_that_lacks_a_label_is_refused(drawings: Path, embedder: Embedder, tmp_path: Path) -> None:
    shutil.copytree(drawings, tmp_path / "train")
    fill(tmp_path / "test" / "disc", "disc", 2, start=20)
    with pytest.raises(FolderError, match="lacks photos of a label"):
        load(find(tmp_path), embedder)


def test_too_many_are_refused_before_one_is_opened(
    drawings: Path, monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> None:
    monkeypatch.setattr(module, "MOST", 19)
    monkeypatch.setattr(Embedder, "embed_many", lambda *_: pytest.fail("a photo was opened"))
    with pytest.raises(FolderError, match="There are 20 photos; at most 19"):
        load(find(drawings), embedder)


def test_views_are_the_photo_and_changes_of_it_the_same_each_time(some: Photos) -> None:
    first, again = (list(views(some, 64, Settings())) for _ in range(2))
    assert first[0].shape == (VIEWS, 64, 64, 3)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    assert len({looks.tobytes() for looks in first[0]}) == VIEWS


def test_maps_of_the_views_are_made_once(some: Photos, tmp_path: Path) -> None:
    given = keras.Input((48, 48, 3))
    stem = keras.Model(given, keras.layers.AveragePooling2D(24)(given))
    (tmp_path / "maps.partial.npy").write_bytes(b"of a run that was killed")
    maps = kept_maps(some, stem, Settings(), tmp_path / "maps.npy")
    assert maps.shape == (20, VIEWS, 2, 2, 3)
    looks = next(views(some, 48, Settings())).astype(np.float32)
    np.testing.assert_allclose(maps[0], looks.reshape(VIEWS, 2, 24, 2, 24, 3).mean(axis=(2, 4)), rtol=2e-3)
    assert [file.name for file in tmp_path.iterdir()] == ["maps.npy"]
    again = kept_maps(some, None, Settings(), tmp_path / "maps.npy")  # nothing is computed
    np.testing.assert_array_equal(maps, again)
