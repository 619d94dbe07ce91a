"""A student learns from labels and lessons, each lesson cropped like its picture."""

from pathlib import Path

import keras
import numpy as np
import pytest

from tests.train.tiny_networks import knows_none
from train.data.part import Part
from train.learning.augment import Augment, sampled
from train.learning.loop import learn
from train.schedule import Augmentation, Schedule

SIZE = 32
SCHEDULE = Schedule(
    optimizer="adamw",
    learning_rate=0.01,
    batch=16,
    epochs=4,
    one_cycle=True,
    average=0.8,
    size=SIZE,
    augmentation=Augmentation(flip=True, crop=0.6),
)


def _colours(count: int, classes: int, seed: int) -> Part:
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % classes
    colours = np.array([(200, 60, 60), (60, 60, 200), (60, 200, 60)])[labels]
    images = np.clip(colours[:, None, None] + rng.normal(0, 40, (count, 40, 40, 3)), 0, 255)
    return Part(images.astype(np.uint8), labels, tuple(str(number) for number in range(count)))


def _lessons(part: Part) -> np.ndarray:
    """What a good teacher would say: the colours as features, a sure logit for the class."""
    maps = part.images.reshape(len(part), 8, 5, 8, 5, 3).mean((2, 4)) / 255
    logits = 4.0 * np.eye(3)[part.labels]
    return np.concatenate([maps, np.broadcast_to(logits[:, None, None], maps.shape)], -1).astype(np.float16)


def test_learns_the_classes_and_to_be_unsure_of_none_of_them(tmp_path: Path) -> None:
    keras.utils.set_random_seed(0)
    network = knows_none((None, None, 3), 2)
    train, validation = _colours(240, 3, 0), _colours(40, 2, 1)
    network = learn(network, SCHEDULE, train, validation, tmp_path, 0, _lessons(train))
    none = _colours(30, 3, 2)[np.arange(2, 30, 3)]
    chances = np.exp(network.predict(validation.images, verbose=0))
    assert (chances.argmax(1) == validation.labels).mean() > 0.9
    unsure = np.exp(network.predict(none.images, verbose=0)).max(1)
    assert unsure.mean() < chances.max(1).mean() - 0.1
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == SCHEDULE.epochs + 1


@pytest.mark.parametrize("change", [{"crop": 0.3}, {"flip": True}, {"rotation": 90.0}, {"shift": 0.2}, {"aspect": 1.0}])
def test_a_lesson_is_cropped_like_its_picture(change: dict[str, float]) -> None:
    ramp = np.linspace(0, 255, 56)
    pictures = np.stack(np.broadcast_arrays(ramp[:, None], ramp[None, :], np.float64(128)), -1)[None].repeat(8, 0)
    maps = pictures.reshape(8, 7, 8, 7, 8, 3).mean((2, 4))
    augment = Augment(Augmentation(**change), seed=0, size=48)
    places = augment.draw(8, 56, 56)
    seen = np.asarray(augment.change(pictures, places)).reshape(8, 6, 8, 6, 8, 3).mean((2, 4))
    inner = (slice(None), slice(1, -1), slice(1, -1))  # at the border the nearest pixel stands in for what is outside
    assert np.abs(np.asarray(sampled(maps, places, 6, 6))[inner] - seen[inner]).mean() < 8
