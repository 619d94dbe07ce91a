"""A taught model as one file that runs without this project, and answers the same."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from classifier.errors import BadRequestError
from classifier.settings import Settings
from classifier.shelf import SHIPPED, read_shelf
from teach import teach
from teach.export import export
from tests.teach.drawn import thing


def test_the_file_answers_as_the_model_does(photos: Path, settings: Settings, tmp_path: Path) -> None:
    model = teach(photos, "shapes", settings=settings)
    export(read_shelf(settings.models_dir).card("shapes"), tmp_path / "shapes.zip")
    with zipfile.ZipFile(tmp_path / "shapes.zip") as archive:
        assert sorted(archive.namelist()) == ["ask.py", "labels.txt", "model.tflite"]
        archive.extractall(tmp_path / "elsewhere")
    assert len((tmp_path / "elsewhere" / "ask.py").read_text().splitlines()) <= 20
    thing("disc", 800).save(tmp_path / "photo.png")
    line = [sys.executable, "-I", "elsewhere/ask.py", "photo.png"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60)
    answer = model.classify(tmp_path / "photo.png")
    expected = [f"{entry.label}  {entry.probability:.1%}" for entry in answer.predictions]
    assert done.stdout.splitlines() == expected


def test_nothing_is_overwritten(photos: Path, settings: Settings, tmp_path: Path) -> None:
    teach(photos, "shapes", settings=settings)
    (tmp_path / "mine.zip").write_text("mine")
    with pytest.raises(BadRequestError, match="there already"):
        export(read_shelf(settings.models_dir).card("shapes"), tmp_path / "mine.zip")
    with pytest.raises(BadRequestError, match="cannot be written"):
        export(read_shelf(settings.models_dir).card("shapes"), tmp_path / "nowhere" / "x.zip")
    assert (tmp_path / "mine.zip").read_text() == "mine"


def test_a_whole_network_is_one_file_already(tmp_path: Path) -> None:
    card = next(card for card in read_shelf(SHIPPED).cards.values() if card.trunk is None)
    with pytest.raises(BadRequestError, match="one file already"):
        export(card, tmp_path / "x.zip")
