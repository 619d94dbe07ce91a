"""The official CIFAR archives to arrays: planes become pixels, the split is fixed, nothing in a file is run."""

import json
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from train.__main__ import main
from train.data import cifar
from train.data.cifar import cifar10, cifar100
from train.errors import DataMissingError

LABELS = [name.encode() for name in ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")]


def _batch(path: Path, count: int, names: bytes = b"labels", classes: int = 10) -> None:
    """A file as in the archive; picture n of class c is red n, green c, blue n in its second row."""
    planes = np.zeros((count, 3, 32, 32), np.uint8)
    labels = [number % classes for number in range(count)]
    planes[:, 0], planes[:, 1] = np.arange(count)[:, None, None] % 256, np.array(labels)[:, None, None]
    planes[:, 2, 1] = np.arange(count)[:, None] % 256
    files = [f"{path.name}_{number}.png".encode() for number in range(count)]
    path.parent.mkdir(exist_ok=True)
    content = {names: labels, b"data": planes.reshape(count, 3072), b"filenames": files}
    path.write_bytes(pickle.dumps(content, protocol=2))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "cifar-10-batches-py"
    for number in range(1, 6):
        _batch(folder / f"data_batch_{number}", 40)
    _batch(folder / "test_batch", 30)
    (folder / "batches.meta").write_bytes(pickle.dumps({b"label_names": LABELS}, protocol=2))
    return tmp_path


def test_rows_of_planes_become_pixels(archive: Path) -> None:
    test = cifar10(archive).test
    assert test.images.shape == (30, 32, 32, 3)
    assert test.images[17, 0, 0].tolist() == [17, 7, 0]
    assert test.images[17, 1, 31].tolist() == [17, 7, 17]
    assert test.keys[17] == "test_batch_17.png"


def test_the_last_tenth_of_each_class_is_for_validation(archive: Path) -> None:
    data = cifar10(archive)
    assert data.labels[:3] == ("plane", "car", "bird")
    assert (len(data.train), len(data.validation), len(data.test)) == (180, 20, 30)
    assert np.bincount(data.validation.labels).tolist() == [2] * 10
    assert {key.split("_")[2] for key in data.validation.keys} == {"5"}
    assert not {*data.train.keys} & {*data.validation.keys}


def test_the_hundred_have_their_fine_labels(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-100-python"
    _batch(folder / "train", 1_000, b"fine_labels", 100)
    _batch(folder / "test", 100, b"fine_labels", 100)
    names = [f"thing {number}".encode() for number in range(100)]
    (folder / "meta").write_bytes(pickle.dumps({b"fine_label_names": names}, protocol=2))
    data = cifar100(tmp_path)
    assert (data.name, len(data.labels), len(data.validation)) == ("CIFAR-100", 100, 100)


def test_pictures_that_are_only_copies_are_named(archive: Path) -> None:
    listing = archive / "cifar-10-batches-py" / cifar.COPIES
    listing.write_text(json.dumps({"train": [41], "test": [3]}))
    assert cifar10(archive).copies == ("train data_batch_2_1.png", "test test_batch_3.png")


def test_a_missing_archive_is_named_with_the_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cifar100_3m", "--data", str(tmp_path)]) == 1
    assert "unpack cifar-100-python.tar.gz" in capsys.readouterr().err
    with pytest.raises(DataMissingError, match=r"unpack cifar-10-python\.tar\.gz"):
        cifar10(tmp_path)


class _Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("harm",)


def test_a_file_that_would_run_code_is_refused(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (archive / "cifar-10-batches-py" / "test_batch").write_bytes(pickle.dumps(_Harmful()))
    with pytest.raises(DataMissingError, match="mkdir has no place in a CIFAR archive"):
        cifar10(archive)
    assert not (tmp_path / "harm").exists()


@pytest.mark.slow
def test_the_real_archives() -> None:
    root = Path(os.environ.get("DATA_DIR", "data"))
    if not (root / "cifar-10-batches-py").is_dir():
        pytest.skip("set DATA_DIR to the folder that holds cifar-10-batches-py and cifar-100-python")
    for data, classes in ((cifar10(root), 10), (cifar100(root), 100)):
        assert (len(data.train), len(data.validation), len(data.test)) == (45_000, 5_000, 10_000)
        assert set(np.bincount(data.test.labels)) == {10_000 // classes}
        assert set(np.bincount(data.validation.labels)) == {5_000 // classes}
