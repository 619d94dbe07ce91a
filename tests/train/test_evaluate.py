"""Photos from elsewhere, asked as a worker is asked: every class counts the same, and neither is an answer too."""

import json
import logging
from pathlib import Path

import pytest
from PIL import Image

from classifier import Classifier
from classifier.settings import Settings
from tests.classifier.tiny_models import tiny_model, write_model
from train import robustness
from train.__main__ import main
from train.errors import DataMissingError
from train.evaluate import Asked, _kinds, evaluate, labelled_photos

COLOURS = {"red": (200, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 200), "grey": (90, 90, 90)}
LIME = (80, 200, 20)  # green, and then rather red than blue


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two models that name the strongest of three colours; to one of them blue is neither of the others."""
    monkeypatch.setenv("CLASSIFIER_MODELS_DIR", str(tmp_path / "shelf"))
    write_model(tmp_path / "shelf" / "colours", tiny_model(False))
    write_model(tmp_path / "shelf" / "two", tiny_model(False), none="blue")
    return tmp_path / "shelf"


def photos(root: Path, **folders: list[str]) -> Path:
    """root/LABEL/N.png, each a plain picture of a colour."""
    for label, colours in folders.items():
        (root / label).mkdir(parents=True)
        for number, colour in enumerate(colours):
            Image.new("RGB", (40 + number, 24), COLOURS[colour]).save(root / label / f"{number}.png")
    return root


def asked(model: str, shelf: Path) -> Asked:
    return Asked(Classifier(model, settings=Settings(shelf, (), model)))


def test_every_class_counts_the_same_however_many_photos_it_has(shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "p", red=["red"] * 8, green=["green", "red"])
    found = asked("colours", shelf)
    figures = found.figures(labelled_photos(root, found.labels))
    assert figures["accuracy"]["value"] == 0.75
    assert figures["accuracy"]["n"] == 10
    assert figures["accuracy"]["low"] < 0.5 < 0.9 < figures["accuracy"]["high"]
    assert figures["recall"] == {"red": {"value": 1.0, "n": 8}, "green": {"value": 0.5, "n": 2}}
    assert figures["unsure"] == 0
    assert figures["ece"] == pytest.approx(0.25, abs=0.01), "sure of all, and a quarter of the weight is wrong"
    assert "neither" not in figures


def test_neither_is_no_right_answer_and_is_counted_apart(shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "p", red=["red", "blue"], green=["green", "grey"])
    found = asked("two", shelf)
    figures = found.figures(labelled_photos(root, found.labels))
    assert figures["recall"]["red"]["value"] == 0.5
    assert figures["neither"] == 0.25
    assert figures["unsure"] == 0.25, "grey is any of the three"
    assert figures["unsure_or_neither"] == 0.5
    assert figures["accuracy_among_classes"] >= figures["accuracy"]["value"]


def test_accuracy_among_classes_is_where_neither_may_not_be_said(shelf: Path, tmp_path: Path) -> None:
    """Wherever the label of none stands among the others."""
    root = photos(tmp_path / "p", red=["red", "blue"], blue=["blue"])
    for label in ("red", "blue"):
        Image.new("RGB", (40, 24), LIME).save(root / label / "lime.png")
    write_model(shelf / "middle", tiny_model(False), none="green")
    found = asked("middle", shelf)
    figures = found.figures(labelled_photos(root, found.labels))
    assert figures["accuracy"]["value"] == pytest.approx((1 / 3 + 1 / 2) / 2, abs=1e-4)
    assert figures["accuracy_among_classes"] == pytest.approx((2 / 3 + 1 / 2) / 2, abs=1e-4)


@pytest.mark.parametrize(("model", "neither"), [("colours", 0.0), ("two", 0.5)])
def test_photos_of_none_are_counted_by_kind(model: str, neither: float, shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "n", things=["blue", "grey", "blue", "red"], faces=["grey"])
    found = asked(model, shelf)
    counted = {kind: found.of_none(files) for kind, files in _kinds(root).items()}
    assert counted["things"] == {"n": 4, "unsure": 0.25, "neither": neither, "unsure_or_neither": 0.25 + neither}
    assert counted["faces"]["unsure"] == 1


def test_a_folder_of_none_without_kinds_is_one(tmp_path: Path) -> None:
    assert {kind: len(files) for kind, files in _kinds(photos(tmp_path, things=["red"]) / "things").items()} == {
        "things": 1
    }


def test_each_change_is_measured(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        robustness, "ELSEWHERE", {"made blue": lambda picture: Image.new("RGB", (9, 9), COLOURS["blue"])}
    )
    found = asked("colours", shelf)
    root = photos(tmp_path / "p", red=["red"], blue=["blue"])
    assert found.figures(labelled_photos(root, found.labels))["changed"] == {"made blue": 0.5}


def test_a_photo_that_cannot_be_read_is_named_and_left_out(
    shelf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = photos(tmp_path / "p", red=["red"], green=["green"])
    (root / "red" / "page.jpg").write_text("<html></html>")
    found = asked("colours", shelf)
    with caplog.at_level(logging.WARNING):
        assert found.figures(labelled_photos(root, found.labels))["accuracy"]["n"] == 2
    assert "page.jpg: This is not a photo" in caplog.text


def test_the_figures_go_onto_the_card_when_asked(shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "holiday", red=["red"], green=["green"])
    none = photos(tmp_path / "n", things=["grey"])
    before = (shelf / "colours" / "card.json").read_text()
    shown = evaluate("colours", root, none, record=False)
    assert "accuracy, balanced" in shown
    assert "things, unsure or neither" in shown
    assert (shelf / "colours" / "card.json").read_text() == before
    evaluate("colours", root, none, record=True)
    evaluate("colours", photos(tmp_path / "work", red=["red"], blue=["red"]), None, record=True)
    card = json.loads((shelf / "colours" / "card.json").read_text())
    assert card.pop("elsewhere").keys() == {"holiday", "work"}
    assert card == json.loads(before)
    assert Classifier("colours").classify(root / "red" / "0.png").label == "red"


def test_folders_that_are_no_labels_are_named(shelf: Path, tmp_path: Path) -> None:
    root = photos(tmp_path / "p", red=["red"], purple=["red"])
    with pytest.raises(DataMissingError, match="called red, green, blue; purple is none of them"):
        labelled_photos(root, ("red", "green", "blue"))
    with pytest.raises(DataMissingError, match="holds no photos"):
        _kinds(photos(tmp_path / "empty", things=[]))


def test_the_command_ends_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "colours", "--photos", str(tmp_path / "none")]) == 1
    assert "none is not a folder" in capsys.readouterr().err
    assert main(["evaluate", "nothing", "--photos", str(tmp_path)]) == 1
    assert "There is no model 'nothing'" in capsys.readouterr().err
