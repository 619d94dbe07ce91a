"""What training on costs other tasks: a layer on the features, asked about pictures that it has not seen."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from tests.train.trunk.tiny_network import network
from train.trunk import generality


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    """One task, red from blue, fifteen pictures of each, and a file that belongs to none."""
    for label, colour in enumerate(((200, 40, 40), (40, 40, 200))):
        folder = tmp_path / "colours" / "ab"[label]
        folder.mkdir(parents=True)
        for row in range(15):
            Image.new("RGB", (40, 40), tuple(part + row for part in colour)).save(folder / f"{row:02}.png")
    (tmp_path / "read me.txt").write_text("no task")
    return tmp_path


def blind() -> keras.Model:
    """A network that sees the same in every picture."""
    model = network()
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    return model


def test_a_network_that_went_blind_loses_the_task(tasks: Path) -> None:
    found = generality.measure(network(), blind(), tasks)
    assert list(found) == ["colours"]
    assert found["colours"]["n"] == 30
    assert found["colours"]["before"] == 1
    assert found["colours"]["after"] < 0.7


def test_before_and_after_are_told_apart(tasks: Path) -> None:
    found = generality.measure(blind(), network(), tasks)
    assert found["colours"]["before"] < found["colours"]["after"] == 1


def test_what_is_no_photo_has_no_label_either(tasks: Path) -> None:
    (tasks / "colours" / "a" / "00.png").write_bytes(b"no photo")
    assert generality.measure(network(), network(), tasks)["colours"] == {"n": 29, "before": 1, "after": 1}


def test_so_many_photos_of_a_label_are_looked_at_and_no_more(tasks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generality, "MOST", 6)
    assert generality.measure(network(), network(), tasks)["colours"]["n"] == 12


def test_what_was_learned_by_heart_does_not_count() -> None:
    rng = np.random.default_rng(0)
    features, labels = rng.normal(size=(120, 300)).astype(np.float16), rng.integers(2, size=120)
    assert 0.3 < generality._accuracy(features, labels) < 0.7
