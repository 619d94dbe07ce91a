"""Training: learns what there is to learn, can be stopped and goes on, averages with fresh statistics."""

import csv
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from train.data.part import Part
from train.learning import loop
from train.networks.ends import logits, pixels
from train.schedule import Schedule

SIZE = 16


def _tiny(classes: int) -> keras.Model:
    keras.utils.set_random_seed(0)
    inputs, x = pixels((SIZE, SIZE, 3))
    x = layers.BatchNormalization()(layers.Conv2D(8, 3, activation="relu")(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, logits(x, classes))


def _pictures(count: int, classes: int, seed: int) -> Part:
    """Each class a colour of its own under noise."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.int64) % classes
    colours = np.array([(200, 60, 60), (60, 60, 200), (60, 200, 60)])[labels]
    images = np.clip(colours[:, None, None] + rng.normal(0, 40, (count, SIZE, SIZE, 3)), 0, 255)
    return Part(images.astype(np.uint8), labels, tuple(str(number) for number in range(count)))


PLAIN = Schedule(optimizer="adam", learning_rate=0.02, batch=16, epochs=4)
MODERN = Schedule(
    optimizer="adamw",
    learning_rate=0.03,
    batch=16,
    epochs=4,
    one_cycle=True,
    weight_decay=0.01,
    label_smoothing=0.05,
    average=0.8,
)


# An epoch of fewer batches than there are pictures for, and more epochs than one pass has.
SHORT = Schedule(optimizer="adam", learning_rate=0.02, batch=16, epochs=8, steps_per_epoch=5)


MUON = replace(MODERN, optimizer="muon")
AIRBENCH = replace(PLAIN, optimizer="normalized_muon", learning_rate=0.2, linear=True)


@pytest.mark.parametrize(
    ("schedule", "classes"),
    [(PLAIN, 2), (MODERN, 3), (SHORT, 2), (MUON, 2), (AIRBENCH, 3)],
    ids=["plain", "modern", "short", "muon", "airbench"],
)
def test_learns_colours(schedule: Schedule, classes: int, tmp_path: Path) -> None:
    train, validation = _pictures(192, classes, 0), _pictures(60, classes, 1)
    network = loop.learn(_tiny(classes), schedule, train, validation, tmp_path, seed=0)
    logits = network.predict(validation.images, verbose=0)
    answers = (logits[:, 0] > 0).astype(int) if classes == 2 else logits.argmax(1)
    assert (answers == validation.labels).mean() > 0.9
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == schedule.epochs + 1


def test_of_mixed_pictures_it_is_not_sure_and_plain_ones_it_knows(tmp_path: Path) -> None:
    found = {}
    for share in (0.0, 1.0):
        plan = replace(PLAIN, epochs=6, cutmix=share)
        folder = tmp_path / str(share)
        loop.learn(_tiny(3), plan, _pictures(192, 3, 0), _pictures(60, 3, 1), folder, seed=0)
        with (folder / "curves.csv").open(newline="") as file:
            found[share] = list(csv.DictReader(file))[-1]
    assert float(found[0.0]["val_accuracy"]) > 0.9
    assert float(found[1.0]["val_accuracy"]) > 0.9
    assert float(found[1.0]["loss"]) > float(found[0.0]["loss"]) + 0.2, "two colours in one picture"


def test_squares_of_the_kernels_are_added_to_the_loss() -> None:
    network = _tiny(2)
    loop.compile_network(network, replace(PLAIN, l2=0.01), logits=1, steps=1)
    kernels = [weight for weight in network.trainable_weights if weight.name == "kernel"]
    assert len(kernels) == 2
    assert np.isclose(sum(network.losses), 0.01 * sum((np.asarray(kernel) ** 2).sum() for kernel in kernels))


def test_an_interrupted_run_is_taken_up_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train, validation = _pictures(64, 2, 0), _pictures(32, 2, 1)

    def stop(epoch: int, logs: dict[str, float]) -> None:
        if epoch == 2:
            raise InterruptedError

    original = loop.callbacks
    stopping = keras.callbacks.LambdaCallback(on_epoch_begin=stop)
    monkeypatch.setattr(loop, "callbacks", lambda *given: [*original(*given), stopping])
    with pytest.raises(InterruptedError):
        loop.learn(_tiny(2), MODERN, train, validation, tmp_path, seed=0)
    monkeypatch.setattr(loop, "callbacks", original)
    loop.learn(_tiny(2), MODERN, train, validation, tmp_path, seed=0)
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[3]["learning_rate"]) < 1e-6, "the one-cycle goes on to its end, it does not restart"
    assert (tmp_path / "network.keras").exists()
    assert not (tmp_path / "backup").exists()


def test_recalibrated_statistics_are_those_of_the_training_pictures() -> None:
    inputs = keras.Input((SIZE, SIZE, 3), dtype="uint8")
    normalise = layers.BatchNormalization()
    model = keras.Sequential([inputs, layers.Rescaling(1 / 255), normalise])
    part = _pictures(128, 2, 0)
    loop.recalibrate(model, part, batch=32, seed=0)
    assert np.allclose(np.asarray(normalise.moving_mean), part.images.mean((0, 1, 2)) / 255, atol=1e-3)
