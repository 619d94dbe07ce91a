"""The way of the trunk, with a stand-in for its network: what it writes, and what a second run takes up again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

from classifier.trunk import Trunk
from teach.bank import read_bank
from tests.train.trunk.small_data import fill
from tests.train.trunk.tiny_network import network
from train.errors import ExportError, StaleRunError
from train.trunk import way
from train.trunk.fit import Plan, features
from train.trunk.pictures import load, squared

PLAN = Plan(side=32, target_side=48, epochs=1, batch=8)


def stand_in(patch: pytest.MonkeyPatch) -> None:
    """A small network, and as few pictures as there are in a small folder."""
    patch.setattr(way.lite0, "start_weights", dict)
    patch.setattr(way.lite0, "network", lambda weights, side: network(side))
    for name, count in {"_TYPICAL": 20, "_COMPARED": 10, "_BANK_NEITHER": 6, "_BANK_EACH": 2}.items():
        patch.setattr(way, name, count)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with small data, and the environment that it needs."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        fill(folder, patch)
        for label, colour in {"a": "red", "b": "blue"}.items():
            task = folder / "data" / "tasks" / "colours" / label
            task.mkdir(parents=True)
            for row in range(8):
                Image.new("RGB", (40 + row, 40), colour).save(task / f"{row}.png")
        yield folder


@pytest.fixture(scope="module")
def written(home: Path) -> Path:
    return way.train(home / "data", home / "weights", plan=PLAN)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[keras.Model]:
    """The networks that are trained from here on."""
    seen: list[keras.Model] = []
    fit = way.fit

    def noted(model: keras.Model, *given: Any) -> keras.Model:
        seen.append(model)
        return fit(model, *given)

    monkeypatch.setattr(way, "fit", noted)
    return seen


def test_it_ends_with_a_trunk_that_can_be_served(written: Path) -> None:
    trunk = Trunk(written)
    assert trunk.card.side == 32
    assert trunk.card.feature_map == (8, 8, 16)


def test_the_card_says_what_it_was_made_from_and_what_it_is_worth(written: Path) -> None:
    card = json.loads((written / "trunk.json").read_text())
    assert card["bytes"] == (written / "trunk.tflite").stat().st_size
    assert card["parameters"] == network().count_params()
    # Eight numbers are for training; every twentieth photo of neither, and a drawing, are held out.
    assert card["data"]["pictures"] == {"cat": 8, "dog": 8, "neither": 20 + 6}
    assert card["trained"]["epochs"] == PLAN.epochs
    assert card["metrics"]["likeness_in_eight_bits"] > 0.98
    assert 0 <= card["metrics"]["validation_accuracy"] <= 1
    assert card["metrics"]["other_tasks"]["colours"]["n"] == 16


def test_the_bank_has_features_of_pictures_of_each_kind(home: Path, written: Path) -> None:
    trunk = Trunk(written)
    bank = read_bank(trunk.card.sha256, written)
    assert len(bank) == 2 + 2 + 6
    pictures, _ = load(home / "data")
    seen = trunk(squared(pictures.images, 32)).features.astype(np.float16)
    kinds = [int(label) for row in bank for label in set(pictures.labels[(seen == row).all(axis=1)])]
    assert sorted(kinds) == [0, 0, 1, 1, 2, 2, 2, 2, 2, 2]


def test_a_finished_run_is_taken_and_again_trains_again(
    home: Path, written: Path, trained: list[keras.Model], tmp_path: Path
) -> None:
    way.train(home / "data", tmp_path / "taken", plan=PLAN)
    assert trained == []
    before, after = (Trunk(folder).card.sha256 for folder in (written, tmp_path / "taken"))
    assert before == after
    way.train(home / "data", tmp_path / "again", again=True, plan=PLAN)
    assert len(trained) == 1
    assert len((way.run_folder() / "curves.csv").read_text().splitlines()) == 1 + PLAN.epochs


def test_a_run_of_another_plan_or_of_other_pictures_is_not_taken(
    home: Path, written: Path, trained: list[keras.Model], tmp_path: Path
) -> None:
    with pytest.raises(StaleRunError, match="another plan"):
        way.train(home / "data", tmp_path, plan=Plan(**{**vars(PLAN), "seed": 1}))
    photo = home / "data" / "neither" / "things" / "1.jpg"
    before = photo.read_bytes()
    Image.new("RGB", (64, 64), "green").save(photo)
    try:
        with pytest.raises(StaleRunError, match="other pictures"):
            way.train(home / "data", tmp_path, plan=PLAN)
    finally:
        photo.write_bytes(before)
    assert trained == []


def test_the_lessons_are_what_the_network_as_it_came_sees_of_each_picture_at_the_larger_size(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another cache, or the lessons would be those of the run before."""
    monkeypatch.setenv("CACHE_DIR", str(tmp_path))
    given: list[Any] = []

    def fit(*arguments: Any) -> keras.Model:
        given.extend(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(way, "fit", fit)
    with pytest.raises(KeyboardInterrupt):
        way.train(home / "data", tmp_path / "weights", plan=PLAN)
    model, pictures, labels, lessons = given[:4]
    assert model.input.shape[1:3] == (32, 32)
    assert len(pictures) == len(labels) == len(lessons)
    np.testing.assert_allclose(lessons, features(network(48), pictures), atol=1e-3)


def test_a_file_is_compared_on_pictures_that_did_not_set_its_ranges_and_a_bad_one_is_not_written(
    home: Path, written: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: dict[str, np.ndarray] = {}

    def convert(model: keras.Model, typical: np.ndarray) -> bytes:
        seen["typical"] = typical
        return b""

    def check(data: bytes, model: keras.Model, pictures: np.ndarray) -> float:
        seen["compared"] = pictures
        raise ExportError("it answers otherwise")

    monkeypatch.setattr(way.export, "convert", convert)
    monkeypatch.setattr(way.export, "check", check)
    with pytest.raises(ExportError, match="otherwise"):
        way.train(home / "data", tmp_path / "weights", plan=PLAN)
    typical, compared = ({picture.tobytes() for picture in seen[name]} for name in ("typical", "compared"))
    assert typical
    assert compared
    assert not typical & compared
    assert not (tmp_path / "weights").exists()
