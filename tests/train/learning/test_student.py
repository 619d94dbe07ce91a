"""A student learns from labels and lessons, each lesson cropped like its picture."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.train.tiny_networks import knows_none
from train.data.part import Part
from train.learning.augment import Augment, sampled
from train.learning.loop import compile_network, learn
from train.learning.student import Student, error
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


@pytest.mark.parametrize(("side", "size"), [(None, SIZE), (40, None)])
def test_learns_the_classes_and_to_be_unsure_of_none_of_them(
    tmp_path: Path, side: int | None, size: int | None
) -> None:
    keras.utils.set_random_seed(0)
    network = knows_none((side, side, 3), 2)
    train, validation = _colours(240, 3, 0), _colours(40, 2, 1)
    network = learn(network, replace(SCHEDULE, size=size), train, validation, tmp_path, 0, _lessons(train))
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


LABELS = np.eye(3, dtype=np.float32)
SAYS = np.array([(2, 1, 0), (0, 1, 2), (0, 0, 3)], np.float32)


def _pull(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Which way the error moves the logits."""
    given = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(given)
        value = error(given, LABELS, SAYS, temperature)
    return -np.asarray(tape.gradient(value, given))


def test_labels_and_teacher_weigh_the_same() -> None:
    chances = np.exp(SAYS) / np.exp(SAYS).sum(1, keepdims=True)
    even = np.full((3, 3), 1 / 3, np.float32)
    assert _pull(np.zeros((3, 3), np.float32), 1.0) == pytest.approx(((LABELS + chances) / 2 - even) / 3, abs=1e-6)


def test_a_temperature_asks_for_the_small_chances_too_and_does_not_weaken_the_teacher() -> None:
    labels_alone = (LABELS - 1 / 3) / 6
    cold, hot = (_pull(np.zeros((3, 3), np.float32), temperature) - labels_alone for temperature in (1.0, 8.0))
    # Far from certain, the teacher's logits themselves are asked for, less their mean.
    assert hot == pytest.approx((SAYS - SAYS.mean(1, keepdims=True)) / 18, abs=0.02)
    assert np.abs(hot).sum() > np.abs(cold).sum()


@pytest.mark.parametrize(("likeness", "learns"), [(0.0, False), (1.0, True)])
def test_features_are_imitated_as_much_as_the_schedule_says(likeness: float, learns: bool) -> None:
    train = _colours(64, 2, 0)
    network = knows_none((SIZE, SIZE, 3), 2)
    schedule = replace(SCHEDULE, likeness=likeness)
    student = Student(network, Augment(Augmentation(), 0, SIZE), schedule, 6)
    compile_network(student, schedule, 2, 4)
    student.fit(train.images, {"labels": np.eye(3)[train.labels], "lessons": _lessons(train)}, epochs=1, verbose=0)
    assert student.looking.get_layer("mimic").kernel.numpy().any() == learns
