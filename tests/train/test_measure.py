"""What the card says, by the exported file alone, on the test pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.train.drawn import colour_set, colours
from tests.train.runs import small
from train import measure as module
from train.data.part import Part
from train.export import Exported
from train.measure import measure


class Float:
    """A stand-in for the network in single precision: right of all."""

    def predict(self, images: np.ndarray, **_: object) -> dict[str, np.ndarray]:
        return {"probabilities": sure(images, right=len(images))}


def sure(images: np.ndarray, right: int) -> np.ndarray:
    """.9 for the class of the picture's colour, but for the pictures after the first `right`."""
    labels = (images[..., 2].mean((1, 2)) > images[..., 0].mean((1, 2))).astype(int)
    labels[right:] = 1 - labels[right:]
    return np.where(np.eye(2)[labels] > 0, 0.9, 0.1).astype(np.float32)


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Exported:
    """A file that is right of the first 45 of any pictures, and of validation confidences of .5 to 1."""
    monkeypatch.setattr(module, "answers", lambda data, images: sure(images, right=45))
    confidence = np.linspace(0.5, 1, 1_001)
    return Exported(b"file", "dynamic int8", Float(), 1.25, np.stack([confidence, 1 - confidence], 1))


def test_the_figures_are_the_files_on_the_test_pictures(exported: Exported, tmp_path: Path) -> None:
    measured = measure(small(), exported, colour_set(tmp_path))
    figures = measured.figures
    assert figures["metrics"]["accuracy"]["value"] == 0.75
    assert figures["metrics"]["accuracy"]["n"] == 60
    assert figures["weights"] == {"kind": "dynamic int8", "accuracy_of_float32": 1.0}
    assert figures["temperature"] == 1.25
    assert figures["unsure_below"] == pytest.approx(0.515, abs=0.001)  # 3 % of validation lie below
    assert measured.confusion.sum(axis=1).tolist() == [30, 30]
    assert np.trace(measured.confusion) == 45
    assert "unsure" not in figures
    assert "robustness" not in figures


def test_pictures_of_none_that_were_held_out_are_asked_too(exported: Exported, tmp_path: Path) -> None:
    none = colours(8, 3, classes=1)
    data = replace(colour_set(tmp_path), none=colours(5, 4), held_out_none=none)
    exported = replace(exported, validation=np.array([[0.95, 0.05]] * 50))
    assert measure(small(), exported, data).figures["unsure"] == {
        "of_test": 1.0,
        "of_none": 1.0,
        "n_none": 8,
        "auroc": 0.5,
    }


def test_copies_are_named_where_there_are_some(exported: Exported, tmp_path: Path) -> None:
    data = replace(colour_set(tmp_path), copies=("train a", "test b"))
    assert measure(small(), exported, data).figures["data"]["copies"] == ["train a", "test b"]


def test_robustness_is_measured_with_the_recipes_resize_rule(
    exported: Exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def changed(files: object, height: int, width: int, rule: str) -> list[tuple[str, np.ndarray]]:
        asked.append((files, height, width, rule))
        return [("grey", test.images)]

    test: Part = colour_set(tmp_path).test
    monkeypatch.setattr(module.robustness, "changed", changed)
    run = small()
    run = replace(run, recipe=replace(run.recipe, robustness=True, resize="pad"))
    data = replace(colour_set(tmp_path), files=(tmp_path / "a.jpg",))
    assert measure(run, exported, data).figures["robustness"] == {"grey": 0.75}
    assert asked == [((tmp_path / "a.jpg",), 64, 64, "pad")]
