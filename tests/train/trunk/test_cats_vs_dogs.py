"""The head of cats_vs_dogs: from pictures to a model folder that is served on the trunk."""

import json
from pathlib import Path

import numpy as np
import pytest

from classifier.card import read_card
from classifier.head import HeadNetwork
from classifier.trunk import Trunk
from tests.classifier.tiny_trunk import SIDE, write_trunk
from tests.train.trunk.small_data import fill
from train.trunk import cats_vs_dogs
from train.trunk.pictures import Pictures


@pytest.fixture
def trunk(tmp_path: Path) -> Trunk:
    write_trunk(tmp_path / "weights")
    return Trunk(tmp_path / "weights")


def colours(count: int) -> Pictures:
    """Cats are red, dogs green, neither blue."""
    labels = np.arange(count) % 3
    images = np.full((count, 60, 60, 3), 40, np.uint8)
    for row, label in enumerate(labels):
        images[row, ..., label] = 230
    return Pictures(images, labels)


def test_it_ends_with_a_model_that_answers_on_the_trunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trunk: Trunk
) -> None:
    folder = cats_vs_dogs.train(fill(tmp_path, monkeypatch), tmp_path / "models", trunk)
    card = read_card(folder)
    assert card.labels == ("cat", "dog", "neither")
    assert (card.none, card.trunk, card.resize) == ("neither", trunk.card.sha256, cats_vs_dogs.RESIZE)
    output = HeadNetwork(card, trunk)(np.zeros((1, SIDE, SIDE, 3), np.uint8))
    assert output.probabilities.shape == (1, 3)
    figures = json.loads((folder / "card.json").read_text())
    assert figures["metrics"]["accuracy"]["n"] == 4  # two test photos of each
    assert figures["data"]["test"] == 4
    assert (folder / "confusion.png").exists()


def test_features_and_labels_stand_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trunk: Trunk) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cats_vs_dogs, "_BOTH", 0.2)
    pictures = colours(30)
    features, labels = cats_vs_dogs._looked_at(trunk, pictures, 2, seed=0)
    assert len(features) == len(labels) == 30 * 3 + 2 * 6
    assert labels[:30].tolist() == pictures.labels.tolist()
    assert features[:30, :3].argmax(axis=1).tolist() == pictures.labels.tolist()
    np.testing.assert_array_equal(features[-12:-6], features[-6:])  # a view with both stands there for each label
    assert labels[-12:].tolist() == [0] * 6 + [1] * 6


def test_features_of_another_trunk_are_not_taken_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trunk: Trunk
) -> None:
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    cats_vs_dogs._looked_at(trunk, colours(6), 1, seed=0)
    (before,) = tmp_path.glob("features-*.npy")
    cats_vs_dogs._looked_at(trunk, colours(9), 1, seed=0)
    (after,) = tmp_path.glob("features-*.npy")
    assert before != after


def test_the_layer_with_the_least_loss_on_held_out_pictures_is_taken() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 3
    features = (np.eye(3, 8)[labels] + rng.normal(0, 0.05, (90, 8))).astype(np.float32)
    layer, strength = cats_vs_dogs._best((features[:60], labels[:60]), (features[60:], labels[60:]))
    assert strength == min(cats_vs_dogs._STRENGTHS)  # with such clear classes the least penalty answers best
    assert (layer.logits(features[60:]).argmax(axis=1) == labels[60:]).all()


def test_unsure_is_what_the_least_sure_fiftieth_of_cats_and_dogs_are() -> None:
    confidence = np.linspace(0.5, 1, 101)
    chances = np.stack([confidence, 1 - confidence, np.zeros(101)], axis=1).astype(np.float32)
    chances = np.concatenate([chances, np.full((50, 3), 1 / 3, np.float32)])
    labels = np.array([0] * 101 + [2] * 50)
    assert cats_vs_dogs._unsure_below(chances, labels) == pytest.approx(0.51, abs=1e-3)
