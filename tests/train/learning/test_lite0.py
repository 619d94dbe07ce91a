"""The teacher of small pictures: ImageNet's network, trained on for their classes."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import keras
import numpy as np
import pytest

from tests.train.drawn import colours
from train.data.part import Dataset
from train.errors import DataMissingError
from train.learning import lite0, lite0_short, teacher
from train.networks.ends import Shape, logits, pixels


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    parts = (colours(count, seed, classes=3, side=32) for seed, count in enumerate((96, 30, 3)))
    return Dataset("colours", "by seed", ("red", "blue", "green"), *parts, tmp_path)


def tiny(shape: Shape, classes: int) -> keras.Model:
    inputs, x = pixels(shape)
    return keras.Model(inputs, logits(keras.layers.GlobalAveragePooling2D()(x), classes))


def test_it_learns_the_classes_once(data: Dataset, tmp_path: Path) -> None:
    """With a network that takes no time."""
    plan = replace(lite0.SCHEDULE, batch=16, epochs=8, learning_rate=0.3, average=None)
    trained = lite0.taught(tiny, plan, data, tmp_path / "run", 0)
    right = trained.predict(data.validation.images, verbose=0).argmax(axis=1) == data.validation.labels
    assert right.mean() > 0.9
    written = (tmp_path / "run" / "network.keras").stat().st_mtime_ns
    again = lite0.taught(tiny, plan, data, tmp_path / "run", 0)
    assert np.array_equal(again(data.test.images), trained(data.test.images))
    assert (tmp_path / "run" / "network.keras").stat().st_mtime_ns == written


@pytest.mark.parametrize("which", [lite0, lite0_short])
def test_a_trained_one_teaches_its_answers_to_each_picture_and_its_mirror_image(
    which: ModuleType, data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(which, "SIDE", 64)
    trained = which.answering((32, 32, 3), 3)
    trained.save(tmp_path / "network.keras")
    lessons = teacher.lessons(which.teach(data, tmp_path, 0), data.train, data.validation, seed=0)
    pictures = data.train.images
    both = (trained(pictures).numpy() + trained(pictures[:, :, ::-1]).numpy()) / 2
    assert np.allclose(lessons.maps[..., -3:].astype(np.float32).mean(axis=(1, 2)), both, atol=0.02)


def test_its_first_blocks_stay_as_they_came(data: Dataset) -> None:
    trunk = lite0.answering((32, 32, 3), 2).get_layer("trunk")
    assert not trunk.get_layer("conv_stem").trainable
    blocks = {layer.name.split("_")[1]: layer.trainable for layer in trunk.layers if layer.name.startswith("blocks")}
    assert [number for number, trains in blocks.items() if not trains] == ["0", "1", "2"]
    assert trunk.get_layer("conv_head").trainable


def test_without_the_weights_it_is_missing_before_any_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise DataMissingError("not installed")

    monkeypatch.setattr(lite0, "start_weights", missing)
    with pytest.raises(DataMissingError):
        lite0.identity(tmp_path)


def test_another_schedule_makes_another_teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = lite0.identity(tmp_path)
    monkeypatch.setattr(lite0, "SCHEDULE", replace(lite0.SCHEDULE, epochs=9))
    assert lite0.identity(tmp_path) != one


def test_its_mirrored_look_is_turned_back_to_the_places_of_the_picture() -> None:
    inputs = keras.Input((32, 32, 3), dtype="uint8")
    places = keras.layers.AveragePooling2D(8)(keras.ops.cast(inputs, "float32"))
    pictures = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), np.uint8)
    plain = keras.Model(inputs, places)
    assert np.allclose(lite0.mirrored_too(plain)(pictures), plain(pictures), atol=1e-3)
