"""Training itself: resumable after every epoch, with a CSV line an epoch as evidence."""

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from train.data.part import Part
from train.learning.augment import Augment
from train.learning.cutmix import CutMix
from train.learning.muon import Muon, NormalizedMuon
from train.learning.student import Student
from train.schedule import Schedule

# Batches whose mean statistics replace BatchNormalization's own after the weights were averaged (Izmailov et al. 2018).
RECALIBRATION_BATCHES = 100


class Curves(keras.callbacks.CSVLogger):  # type: ignore[misc]  # keras has no types
    """A CSV line an epoch, from 1: its figures, learning rate and seconds."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        figures = {name: f"{value:.5f}" for name, value in (logs or {}).items()}
        rate = float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))
        seconds = f"{time.perf_counter() - self.started:.1f}"
        super().on_epoch_end(epoch + 1, figures | {"learning_rate": f"{rate:.3g}", "seconds": seconds})


def targets(labels: NDArray[np.int64], logits: int) -> NDArray[np.float32]:
    """What the loss compares logits with, float32: labels (N, 1) for a single logit, one-hot (N, C) for more."""
    if logits == 1:
        return labels[:, None].astype(np.float32)
    return np.eye(logits, dtype=np.float32)[labels]


def _rate(schedule: Schedule, steps: int) -> Any:
    """A number, or how it changes over `steps` batches."""
    schedules, peak = keras.optimizers.schedules, schedule.learning_rate
    if schedule.linear:
        return schedules.PolynomialDecay(peak, steps, end_learning_rate=0.0)
    if schedule.one_cycle:
        warm_up = max(1, steps // 5)
        return schedules.CosineDecay(peak / 25, steps - warm_up, warmup_target=peak, warmup_steps=warm_up)
    return peak


def _optimizer(schedule: Schedule, steps: int) -> keras.optimizers.Optimizer:
    options: dict[str, Any] = {"learning_rate": _rate(schedule, steps)}
    decays = schedule.optimizer in ("adamw", "muon")
    if decays:
        options["weight_decay"] = schedule.weight_decay
    if schedule.average is not None:
        options |= {"use_ema": True, "ema_momentum": schedule.average}
    ours = {"muon": Muon, "normalized_muon": NormalizedMuon}
    if schedule.optimizer in ours:
        optimizer = ours[schedule.optimizer](**options)
    else:
        optimizer = keras.optimizers.get({"class_name": schedule.optimizer, "config": options})
    if decays:
        optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


def compile_network(model: keras.Model, schedule: Schedule, logits: int, steps: int) -> None:
    """Give `model` the optimiser, loss and accuracy of a schedule that runs for `steps` batches."""
    if schedule.l2:
        for weight in model.trainable_variables:
            if weight.name == "kernel":
                weight.regularizer = keras.regularizers.L2(schedule.l2)
    losses, metrics = keras.losses, keras.metrics
    if logits == 1:
        loss = losses.BinaryCrossentropy(from_logits=True, label_smoothing=schedule.label_smoothing)
        accuracy = metrics.BinaryAccuracy(name="accuracy", threshold=0.0)
    else:
        loss = losses.CategoricalCrossentropy(from_logits=True, label_smoothing=schedule.label_smoothing)
        accuracy = metrics.CategoricalAccuracy(name="accuracy")
    model.compile(optimizer=_optimizer(schedule, steps), loss=loss, metrics=[accuracy])


def callbacks(schedule: Schedule) -> list[keras.callbacks.Callback]:
    """What a schedule does after each epoch."""
    found: list[keras.callbacks.Callback] = []
    if schedule.average is not None:
        found.append(keras.callbacks.SwapEMAWeights())
    if schedule.plateau is not None:
        plateau = schedule.plateau
        found.append(
            keras.callbacks.ReduceLROnPlateau(
                monitor="val_accuracy", factor=plateau.factor, patience=plateau.patience, min_lr=plateau.floor
            )
        )
    if schedule.early_stopping is not None:
        found.append(
            keras.callbacks.EarlyStopping(
                monitor="val_loss", patience=schedule.early_stopping, restore_best_weights=True
            )
        )
    return found


def learn(
    network: keras.Model,
    schedule: Schedule,
    train: Part,
    validation: Part,
    folder: Path,
    seed: int,
    lessons: NDArray[np.float16] | None = None,
) -> keras.Model:
    """Train `network` (uint8 pictures to logits) in `folder`; what an interrupted run left is taken up again.

    With `lessons`, a row of `Lessons.maps` (train/learning/teacher.py) for each training picture, a teacher helps; then
    training labels may go one beyond the network's classes, for pictures of none of them. Leaves
    curves.csv (a line an epoch) and network.keras there.

    Returns:
        The network with its final weights: averaged ones, with BatchNormalization statistics of their own, where the
        schedule averages; the best epoch's where it stops early.
    """
    done = taken_up(folder)
    if done:  # or it would see the order and the changes of its first epoch again
        keras.utils.set_random_seed(seed + done)
    steps = (schedule.steps_per_epoch or -(-len(train) // schedule.batch)) * schedule.epochs
    if schedule.steps_per_epoch:  # Keras expects the batches of all epochs at once
        train = train[np.resize(np.random.default_rng(seed).permutation(len(train)), steps * schedule.batch)]
    augment = Augment(schedule.augmentation, seed + done, schedule.size)
    logits: int = network.output.shape[-1]
    wanted: Any
    if lessons is None:
        model = keras.Sequential([keras.Input(network.input.shape[1:], dtype="uint8"), augment, network])
        wanted = targets(train.labels, logits)
    else:
        model = Student(network, augment, schedule, lessons.shape[-1])
        wanted = {"labels": targets(train.labels, model.classes), "lessons": lessons}
    compile_network(model, schedule, logits, steps)
    curves, backup = keeping(folder)
    try:
        model.fit(
            **_shown(train, wanted, schedule, seed, done),
            epochs=schedule.epochs,
            steps_per_epoch=schedule.steps_per_epoch,
            validation_data=(validation.images, targets(validation.labels, logits)),
            validation_batch_size=256,
            callbacks=[*callbacks(schedule), curves, backup],
            verbose=1 if sys.stdout.isatty() else 2,
        )
    finally:
        curves.on_train_end()  # closes its file, which an interrupted training leaves open
    finish(network, schedule, train, folder, seed)
    return network


def _shown(train: Part, wanted: Any, schedule: Schedule, seed: int, done: int) -> dict[str, Any]:
    """What Keras's fit is given to learn from."""
    if schedule.cutmix:
        mixed = CutMix(train.images, wanted, schedule.batch, schedule.cutmix, seed, done)
        return {"x": mixed, "shuffle": False}  # CutMix shuffles by itself
    return {"x": train.images, "y": wanted, "batch_size": schedule.batch}


def keeping(folder: Path) -> list[keras.callbacks.Callback]:
    """What writes curves.csv, and after each epoch what an interrupted run is taken up from."""
    # Two copies, so that one is whole where the process ends while the other is written.
    backup = keras.callbacks.BackupAndRestore(folder / "backup", double_checkpoint=True, delete_checkpoint=False)
    return [Curves(folder / "curves.csv", append=True), backup]


def finish(network: keras.Model, schedule: Schedule, train: Part, folder: Path, seed: int) -> None:
    """Leave the trained network as network.keras; averaged weights get statistics of their own first."""
    if schedule.average is not None:
        recalibrate(network, train, schedule.batch, seed)
    network.save(folder / "network.keras")
    shutil.rmtree(folder / "backup")


def taken_up(folder: Path) -> int:
    """How many epochs an interrupted run in this folder has behind it; lines of later ones leave its curves."""
    folder.mkdir(parents=True, exist_ok=True)
    curves, state = folder / "curves.csv", folder / "backup" / "training_metadata.json"
    done = int(json.loads(state.read_text())["epoch"]) if state.exists() else 0
    if curves.exists():
        curves.write_text("".join(curves.read_text().splitlines(keepends=True)[: done + 1 if done else 0]))
    return done


def recalibrate(model: keras.Model, train: Part, batch: int, seed: int) -> None:
    """Measure BatchNormalization's statistics again, for the weights that `model` now has."""
    rows = np.random.default_rng(seed).permutation(len(train))
    normalisations = [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.BatchNormalization)]
    if not normalisations:
        return
    momenta = [layer.momentum for layer in normalisations]
    for number in range(min(RECALIBRATION_BATCHES, -(-len(rows) // batch))):
        for layer in normalisations:
            layer.momentum = number / (number + 1)  # the plain mean over the batches seen
        model(train.images[np.sort(rows[number * batch : (number + 1) * batch])], training=True)
    for layer, momentum in zip(normalisations, momenta, strict=True):
        layer.momentum = momentum
