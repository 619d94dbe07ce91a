"""Training itself, by all processes together; process 0 keeps its checkpoints and evidence.

Whatever sets a variable on JAX is checked to be the same on all hosts, so each process does the same after an epoch:
the others keep checkpoints and curves too, in a folder that is thrown away.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import jax
import keras
from numpy.typing import NDArray

from train.data.part import Part
from train.hosts import group
from train.hosts.share import Share, in_turn, shuffled
from train.learning import loop
from train.learning.augment import Augment
from train.schedule import Schedule

VALIDATION_BATCH = 256
# What Keras's BackupAndRestore keeps: the state after the last epoch, and after the one before.
_CHECKPOINT = [f"{name}{kept}" for name in ("latest.weights.h5", "training_metadata.json") for kept in ("", ".bkp")]


def learn(
    network: keras.Model, schedule: Schedule, train: Part, validation: Part, folder: Path, seed: int
) -> list[NDArray[Any]]:
    """Train `network`, made under a `DataParallel` distribution; what an interrupted run left is taken up again.

    All processes call it together and get the same weights. `folder` is that of process 0; no other one uses it.
    """
    if group.is_first():
        return _learn(network, schedule, train, validation, folder, seed)
    with tempfile.TemporaryDirectory() as aside:
        return _learn(network, schedule, train, validation, Path(aside), seed)


def _learn(
    network: keras.Model, schedule: Schedule, train: Part, validation: Part, folder: Path, seed: int
) -> list[NDArray[Any]]:
    _take_from_first(folder / "backup")
    done = loop.taken_up(folder)
    if done:
        keras.utils.set_random_seed(seed + done)
    steps = schedule.steps_per_epoch or -(-len(train) // schedule.batch)
    augment = Augment(schedule.augmentation, seed + done, schedule.size)
    model = keras.Sequential([keras.Input(network.input.shape[1:], dtype="uint8"), augment, network])
    logits: int = network.output.shape[-1]
    loop.compile_network(model, schedule, logits, steps * schedule.epochs)
    mine = (jax.process_index(), jax.process_count())
    order = shuffled(len(train), steps * schedule.batch, seed)
    batches = Share(train.images, loop.targets(train.labels, logits), schedule.batch, order, *mine, epoch=done)
    answered = loop.targets(validation.labels, logits)
    turn = in_turn(len(validation), jax.device_count())
    curves, backup = loop.keeping(folder)
    try:
        model.fit(
            batches,
            shuffle=False,  # they are; Keras would do it differently in each process
            epochs=schedule.epochs,
            validation_data=Share(validation.images, answered, VALIDATION_BATCH, turn, *mine),
            callbacks=[*loop.callbacks(schedule), curves, backup],
            verbose=(1 if sys.stdout.isatty() else 2) if group.is_first() else 0,
        )
    finally:
        curves.on_train_end()  # closes its file, which an interrupted training leaves open
    weights: list[NDArray[Any]] = network.get_weights()
    return weights


def _take_from_first(backup: Path) -> None:
    """The checkpoint of process 0, which all begin with, into this folder; nothing where it has none."""
    for name in _CHECKPOINT:
        path = backup / name
        content = group.bytes_from_first(path.read_bytes() if group.is_first() and path.exists() else b"")
        if content and not group.is_first():
            backup.mkdir(exist_ok=True)
            path.write_bytes(content)
