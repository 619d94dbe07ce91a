"""What --check says of the machine."""

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from classifier import formats, trunk
from classifier.card import read_card
from classifier.errors import ModelError
from classifier.settings import Settings as ClassifierSettings
from classifier.shelf import SHIPPED
from worker import premises
from worker.diagnosis import TroubleError
from worker.passphrase import OPEN
from worker.settings import Settings

OURS = read_card(SHIPPED / "cats_vs_dogs")


class Usage(NamedTuple):
    free: int


def settings(models_dir: Path, **changes: Any) -> Settings:
    return Settings(classifier=ClassifierSettings(models_dir=models_dir), **changes)


def trouble(run: Callable[..., str], *arguments: Any) -> TroubleError:
    with pytest.raises(TroubleError) as caught:
        run(*arguments)
    assert caught.value.fix
    return caught.value


def test_the_models_of_each_shelf_are_counted(tmp_path: Path) -> None:
    theirs = replace(OURS, folder=tmp_path / "mine")
    said = premises.shelves(ClassifierSettings(models_dir=tmp_path), [OURS, theirs, theirs])
    assert said == f"1 models come with the project; 2 are your own, in {tmp_path}"


def test_a_shelf_that_is_not_there_yet_is_well(tmp_path: Path) -> None:
    nowhere = tmp_path / "models"
    said = premises.shelves(ClassifierSettings(models_dir=nowhere), [OURS])
    assert said.endswith(f"none are your own, as there is no {nowhere} yet")


def test_a_shelf_that_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "models"
    file.touch()
    wrong = trouble(premises.shelves, ClassifierSettings(models_dir=file), [])
    assert str(wrong) == f"Models of your own cannot be read from {file} (Not a directory)."
    assert "CLASSIFIER_MODELS_DIR" in wrong.fix


def test_the_trunk_is_named_with_its_bank_and_the_heads_on_it() -> None:
    whole = replace(OURS, trunk=None)
    said = premises.trunk(ClassifierSettings(), [OURS, OURS, whole])
    assert re.fullmatch(r"[0-9a-f]{8}, shared by 2 of these models; its bank has [\d,]+ other things", said)
    assert OURS.trunk is not None
    assert said.startswith(OURS.trunk[:8])


def test_a_trunk_that_is_not_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(threads: int) -> trunk.Trunk:
        raise ModelError("trunk.tflite is not the file that trunk.json describes (SHA-256 differs).")

    monkeypatch.setattr(premises, "shared_trunk", damaged)
    assert "SHA-256 differs" in str(trouble(premises.trunk, ClassifierSettings(), []))


def test_a_bank_that_is_gone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    read = premises.read_bank
    monkeypatch.setattr(premises, "read_bank", lambda digest: read(digest, tmp_path))
    assert str(trouble(premises.trunk, ClassifierSettings(), [])).startswith("bank.npz cannot be read")


def test_a_drawn_heic_is_read() -> None:
    pytest.importorskip("pillow_heif")
    assert premises.heic(ClassifierSettings()) == "HEIC photos are answered"


def test_on_windows_heic_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert premises.heic(ClassifierSettings()) == "HEIC photos are refused on Windows: save them as JPEG"


def test_without_its_package_heic_is_refused_and_the_fix_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(premises, "find_spec", lambda name: None)
    assert "pip install 'uplink-image-classifier[heic]'" in premises.heic(ClassifierSettings())


def test_a_package_for_heic_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pillow_heif")
    monkeypatch.setattr(formats, "_READ", formats._READ - {"HEIC"})
    wrong = trouble(premises.heic, ClassifierSettings())
    assert "HEIC images are not supported" in str(wrong)
    assert "--force-reinstall" in wrong.fix


def test_the_room_is_that_of_the_first_folder_that_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def usage(place: Path) -> Usage:
        asked.append(place)
        return Usage(12_340_000_000)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert premises.disk(settings(tmp_path / "a" / "b")) == f"12.3 GB are free in {tmp_path}"
    assert asked == [tmp_path]


def test_too_little_room_matters_only_to_a_worker_that_teaches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(109_000_000))
    assert premises.disk(settings(tmp_path)) == f"0.1 GB are free in {tmp_path}"
    wrong = trouble(premises.disk, settings(tmp_path, teach_passphrase=OPEN))
    assert str(wrong) == f"{tmp_path} has room for 109 MB; a taught model may take 110."


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("", "off: the page cannot teach models; set TEACH_PASSPHRASE to turn it on"),
        (OPEN, "on: the page can teach models, and asks for no passphrase"),
        ("correct horse", "on: the page can teach models, and asks for the passphrase"),
    ],
)
def test_teaching_is_off_open_or_for_those_who_know_the_passphrase(tmp_path: Path, passphrase: str, said: str) -> None:
    assert premises.teach(settings(tmp_path, teach_passphrase=passphrase)) == said


def test_teaching_where_models_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    wrong = trouble(premises.teach, settings(tmp_path / "file" / "models", teach_passphrase=OPEN))
    assert "Models cannot be written to" in str(wrong)


def test_teaching_without_its_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(premises, "find_spec", lambda name: None)
    wrong = trouble(premises.teach, settings(tmp_path, teach_passphrase=OPEN))
    assert str(wrong) == "TEACH_PASSPHRASE is set, but scipy and threadpoolctl cannot be found."
    assert "uplink-image-classifier[teach]" in wrong.fix
