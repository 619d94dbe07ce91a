"""How sure a model may be of photos is fitted on photos, every class counting the same, and goes onto its card."""

import json
from pathlib import Path

import pytest
from PIL import Image

from classifier import Classifier
from tests.classifier.tiny_models import tiny_model, write_model
from train.__main__ import main

RED, GREEN, YELLOWISH = (200, 20, 20), (20, 200, 20), (150, 110, 20)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model that is sure of whatever is a little more red than green."""
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(tmp_path / "shelf"))
    write_model(tmp_path / "shelf" / "hasty", tiny_model(False))
    return tmp_path / "shelf"


def photos(root: Path, **folders: list[tuple[int, int, int]]) -> Path:
    for label, colours in folders.items():
        (root / label).mkdir(parents=True)
        for number, colour in enumerate(colours):
            Image.new("RGB", (60, 40), colour).save(root / label / f"{number}.png")
    return root


def test_one_that_is_too_sure_becomes_as_sure_as_it_is_right(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says red of what is as often one as the other."""
    root = photos(tmp_path / "p", red=[YELLOWISH] * 2, green=[YELLOWISH] * 6)
    before = json.loads((shelf / "hasty" / "card.json").read_text())
    sure = Classifier("hasty").classify(root / "red" / "0.png").confidence
    assert sure > 0.8
    assert main(["calibrate", "hasty", "--photos", str(root)]) == 0
    card = json.loads((shelf / "hasty" / "card.json").read_text())
    written = card.pop("of_photos")
    assert card == before
    assert written["n"] == 8
    assert written["temperature"] > 2
    assert written["loss"] < written["loss_without"]
    assert f"temperature {written['temperature']:.3f}, from 8 photos" in capsys.readouterr().out
    assert Classifier("hasty").classify(root / "red" / "0.png").confidence < 0.7


def test_twice_gives_the_same(shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "p", red=[RED, RED, RED, GREEN], green=[GREEN, GREEN, GREEN, RED])
    written = []
    for _ in range(2):
        assert main(["calibrate", "hasty", "--photos", str(root)]) == 0
        written.append((shelf / "hasty" / "card.json").read_text())
    assert written[0] == written[1]
    assert json.loads(written[0])["of_photos"]["temperature"] > 1.2


def test_every_class_counts_the_same(shelf: Path, tmp_path: Path) -> None:
    """However many photos it has: many of one that are right do not drown what is wrong of the other."""
    few = photos(tmp_path / "few", red=[RED] * 2, green=[GREEN, RED])
    many = photos(tmp_path / "many", red=[RED] * 40, green=[GREEN, RED])
    found = []
    for root in (few, many):
        main(["calibrate", "hasty", "--photos", str(root)])
        found.append(json.loads((shelf / "hasty" / "card.json").read_text())["of_photos"]["temperature"])
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_pictures_as_small_as_its_own_have_no_say(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = photos(tmp_path / "p", red=[RED, RED, GREEN], green=[GREEN])
    for number in range(20):
        Image.new("RGB", (16, 16), GREEN).save(root / "red" / f"small {number}.png")
    (root / "red" / "page.jpg").write_text("<html></html>")
    assert main(["calibrate", "hasty", "--photos", str(root)]) == 0
    assert json.loads((shelf / "hasty" / "card.json").read_text())["of_photos"]["n"] == 4
    for file in root.glob("*/?.png"):
        file.unlink()
    (root / "red" / "page.jpg").unlink()
    Image.new("RGB", (16, 16), GREEN).save(root / "green" / "small.png")
    assert main(["calibrate", "hasty", "--photos", str(root)]) == 1
    assert "no photos of twice the model's input" in capsys.readouterr().err


def test_a_head_on_the_trunk_has_no_need_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "cats_vs_dogs", "--photos", str(tmp_path)]) == 1
    assert "learned from photos" in capsys.readouterr().err


def test_a_folder_that_is_not_there_ends_with_a_sentence(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (shelf / "hasty" / "card.json").read_text()
    assert main(["calibrate", "hasty", "--photos", str(tmp_path / "none")]) == 1
    assert "is not a folder" in capsys.readouterr().err
    assert (shelf / "hasty" / "card.json").read_text() == before
