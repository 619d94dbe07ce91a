"""A folder of drawn pictures to a model that the classifier serves."""

import io
import json
import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from classifier.classifier import Classifier
from classifier.settings import Settings
from tests.train.drawn import shape, shapes
from train import folder
from train.__main__ import main
from train.data.class_folders import SIDE
from train.data.part import Dataset
from train.export import Exported, serving_model
from train.measure import Measured
from train.networks.transfer import with_head
from train.recipe import Run


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shapes(tmp_path_factory.mktemp("drawings") / "d", 20)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


class Trainings:
    """Stands in for the training and the steps after it: each network learns nothing, and says that it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stop_at: str | None = None
        self.trained: list[str] = []
        self.weights: list[Any] = []
        monkeypatch.setattr(folder, "learn", self.learn)
        monkeypatch.setattr(folder, "_base", lambda: tiny((SIDE, SIDE, 3)))
        monkeypatch.setattr(folder, "residual", lambda shape, classes, widths: with_head(tiny(shape), classes))
        monkeypatch.setattr(folder, "calibrate", lambda run, network, dataset: 1.0)
        monkeypatch.setattr(folder, "export", self.export)
        monkeypatch.setattr(folder, "measure", self.measure)

    def export(self, run: Run, network: keras.Model, temperature: float, dataset: Dataset) -> Exported:
        return Exported(b"model", "float32", serving_model(network, temperature), temperature, np.eye(2))

    def measure(self, run: Run, exported: Exported, dataset: Dataset) -> Measured:
        figures = {"data": {}, "unsure_below": 0.6, "metrics": {}}
        return Measured(figures, np.diag(np.bincount(dataset.test.labels)), dataset.labels)

    def learn(self, network: Any, plan: Any, train: Any, validation: Any, run: Path, seed: int, weights: Any) -> Any:
        name = run.name.removeprefix("m-").removesuffix("-seed0")
        if name == self.stop_at:
            raise KeyboardInterrupt
        self.trained.append(name)
        self.weights.append(weights)
        network.get_layer("logits").bias.assign([float(len(self.trained))])
        (run / "curves.csv").write_text("epoch,accuracy,loss,val_accuracy,val_loss,seconds\n1,1,1,1,1,1\n")
        network.save(run / "network.keras")
        return network


def tiny(shape: tuple[int, int, int]) -> keras.Model:
    inputs = keras.Input(shape, dtype="uint8", name="image")
    x = keras.layers.Conv2D(2, 8, strides=8)(keras.layers.Rescaling(1 / 255)(inputs))
    return keras.Model(inputs, keras.layers.BatchNormalization()(x))


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch) -> Trainings:
    return Trainings(monkeypatch)


ALL = [
    "from scratch",
    "a new head on the features of cats_vs_dogs_scratch",
    "the features of cats_vs_dogs_scratch, trained on",
]


def train(drawings: Path, tmp_path: Path) -> dict[str, Any]:
    """Train a model m on the drawings; its card."""
    written = folder.train(drawings, "m", tmp_path / "models", seed=0)
    card: dict[str, Any] = json.loads((written / "card.json").read_text())
    return card


def test_three_candidates_are_trained_however_many_models_the_shelf_has(
    drawings: Path, tmp_path: Path, trainings: Trainings
) -> None:
    for name in ("one", "two"):
        own = tmp_path / "models" / name
        own.mkdir(parents=True)
        (own / "card.json").write_text("{}")
        (own / "model.keras").touch()
    train(drawings, tmp_path)
    assert trainings.trained == ALL


@pytest.mark.parametrize("best", [0, 1, 2])
def test_the_candidate_of_least_loss_is_taken_with_the_weights_it_was_measured_with(
    best: int, drawings: Path, tmp_path: Path, trainings: Trainings, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = iter([0.1 if number == best else 0.5 for number in range(3)])
    monkeypatch.setattr(folder, "balanced_loss", lambda chances, labels: next(losses))
    published: list[keras.Model] = []

    def write(run: Any, network: keras.Model, *rest: Any) -> Path:
        published.append(network)
        return original(run, network, *rest)

    original = folder.write
    monkeypatch.setattr(folder, "write", write)
    card = train(drawings, tmp_path)
    assert card["trained"]["schedule"] == ALL[best]
    assert card["trained"]["command"] == "python -m train folder PATH --name m"
    assert float(published[0].get_layer("logits").bias[0]) == best + 1


def test_an_interrupted_training_goes_on_with_the_candidate_it_was_at(
    drawings: Path, tmp_path: Path, trainings: Trainings, cache: Path
) -> None:
    trainings.stop_at = ALL[1]
    with pytest.raises(KeyboardInterrupt):
        train(drawings, tmp_path)
    assert not (tmp_path / "models" / "m").exists()
    trainings.stop_at = None
    train(drawings, tmp_path)
    assert trainings.trained == ALL, "the first was not trained twice"
    assert not list((cache / "runs").iterdir()), "what is published needs no runs"


def test_other_photos_under_the_same_name_are_trained_on_from_the_start(
    drawings: Path, tmp_path: Path, trainings: Trainings, caplog: pytest.LogCaptureFixture
) -> None:
    trainings.stop_at = ALL[1]
    with pytest.raises(KeyboardInterrupt):
        train(drawings, tmp_path)
    trainings.stop_at = None
    with caplog.at_level(logging.INFO):
        train(shapes(tmp_path / "others", 12), tmp_path)
    assert trainings.trained == [ALL[0], *ALL]
    assert "it begins again" in caplog.text


def test_a_class_of_few_counts_like_the_others_and_the_card_says_how_few(tmp_path: Path, trainings: Trainings) -> None:
    shapes(tmp_path / "photos", 60, ("disc",))
    shapes(tmp_path / "more", 12, ("cross",))
    (tmp_path / "more" / "cross").rename(tmp_path / "photos" / "cross")
    card = train(tmp_path / "photos", tmp_path)
    weights = trainings.weights[0]
    assert np.isclose(weights.mean(), 1)
    assert sorted(set(np.round(weights / weights.min(), 2))) == [1, 5.25]  # 42 discs, 8 crosses
    assert any(note.startswith("Few photos to learn from of cross (8)") for note in card["notes"])
    assert any(note.startswith("Right of the test photos of each class: cross ") for note in card["notes"])


def test_the_loss_that_decides_is_the_mean_over_the_classes() -> None:
    chances = np.array([[0.9, 0.1]] * 9 + [[0.9, 0.1]])
    labels = np.array([0] * 9 + [1])
    assert folder.balanced_loss(chances, labels) == pytest.approx((-np.log(0.9) - np.log(0.1)) / 2)


def test_a_shelf_that_cannot_be_written_is_named_before_a_photo_is_read(
    drawings: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "read", None)
    file = drawings / "disc" / "0.png"
    assert main(["folder", str(drawings), "--name", "m", "--models", str(file / "x")]) == 1
    assert "cannot be written (Not a directory)" in capsys.readouterr().err


def test_the_shipped_network_is_the_one_to_build_on() -> None:
    assert folder._base().input.shape[1:3] == (SIDE, SIDE)
    assert folder._base().output.shape[1:] == (8, 8, 256)


@pytest.mark.slow  # the fourth notebook goes the same way in the fast tests
@pytest.mark.timeout(300)
def test_a_folder_becomes_a_model_that_knows_new_drawings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "SEEN", 1_500)
    shapes(tmp_path / "photos", 40)
    card = train(tmp_path / "photos", tmp_path)
    assert card["labels"] == ["cross", "disc"]
    assert {file.name for file in (tmp_path / "models" / "m").iterdir()} == {
        "model.tflite",
        "model.keras",
        "card.json",
        "curves.png",
        "confusion.png",
    }
    new = [(name, shape(name, 5_000 + number)) for name in ("cross", "disc") for number in range(10)]
    asked = Classifier.load(Settings(tmp_path / "models", (), "m"))
    assert sum(asked.classify(png(picture)).label == name for name, picture in new) >= 15, "by chance ten"


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
