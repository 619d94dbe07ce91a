"""The trunk trained on: it learns cats, dogs and neither on changed views, and to see through the changes.

Two aims at once. A linear layer on the features says cat, dog or neither of a changed view. And the features of that
view are to be those that the network as it came gives the whole, unchanged picture at a larger size. So they stay
general, since forgetting costs; and a photo that is turned, far away or blurred gets the features of one that is not.
"""

import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from train.learning.loop import Curves
from train.trunk.views import Views

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

LABELS = ("cat", "dog", "neither")
# One view in so many shows a cat and a dog, and is taught as half of each.
_BOTH = 30
_PREDICT = 64


@dataclass(frozen=True)
class Plan:
    """How the trunk is trained on."""

    side: int = 192  # px, of the views; answers are asked for at this size too
    target_side: int = 224  # px, of the unchanged pictures whose features are imitated
    epochs: int = 4
    batch: int = 64
    learning_rate: float = 2e-4
    likeness: float = 8.0  # weight of the features' error, in shares of their variance, beside the cross-entropy
    label_smoothing: float = 0.05
    average: float = 0.998  # momentum of the moving average of the weights
    frozen_blocks: int = 3  # the first: edges and colours, and most of the multiplications
    seed: int = 0


def features(network: keras.Model, pictures: Pixels) -> NDArray[np.float16]:
    """Features float16 [N, 1280] of uint8 pictures [N, H, W, 3], each resized to the network's input."""
    side = network.input.shape[1]
    given = keras.Input(pictures.shape[1:], dtype="uint8")
    resized = layers.Resizing(side, side)(ops.cast(given, "float32"))
    look = keras.Model(given, network(resized)[0])
    found = np.empty((len(pictures), network.output[0].shape[-1]), np.float16)
    for start in range(0, len(pictures), _PREDICT):
        found[start : start + _PREDICT] = look.predict_on_batch(pictures[start : start + _PREDICT])
        if start % 4096 == 0:
            log.info("features of %d of %d pictures", start, len(pictures))
    return found


class ViewBatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras has no types
    """Batches of changed views with labels and the features to imitate; another order and other views each epoch."""

    def __init__(
        self, pictures: Pixels, labels: NDArray[np.int64], lessons: NDArray[np.float16], plan: Plan, done: int
    ) -> None:
        super().__init__(workers=os.cpu_count() or 1, max_queue_size=8)
        self._pictures, self._labels, self._lessons, self._plan = pictures, labels, lessons, plan
        self._epoch = done
        self._cats, self._dogs, self._none = (np.flatnonzero(labels == label) for label in range(3))
        self._shuffle()

    def __len__(self) -> int:
        return len(self._pictures) // self._plan.batch

    def __getitem__(self, number: int) -> tuple[Any, Any, Any]:
        rows = self._order[number * self._plan.batch : (number + 1) * self._plan.batch]
        views = Views(self._plan.side, (self._plan.seed, self._epoch, number))
        rng = np.random.default_rng((self._plan.seed, self._epoch, number, 1))
        images = np.empty((len(rows), self._plan.side, self._plan.side, 3), np.uint8)
        labels, weights = np.eye(3, dtype=np.float32)[self._labels[rows]], np.ones(len(rows), np.float32)
        for place, row in enumerate(rows):
            if rng.integers(_BOTH) == 0:
                pair = [self._pictures[rng.choice(of)] for of in (self._cats, self._dogs)]
                images[place] = views.both(*(pair if rng.random() < 0.5 else pair[::-1]))
                labels[place], weights[place] = (0.5, 0.5, 0), 0
            else:
                images[place] = views(self._pictures[row], self._pictures[rng.choice(self._none)])
        targets = {"logits": labels, "features": self._lessons[rows].astype(np.float32)}
        return images, targets, {"logits": np.ones(len(rows), np.float32), "features": weights}

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._shuffle()

    def _shuffle(self) -> None:
        self._order = np.random.default_rng((self._plan.seed, self._epoch)).permutation(len(self._pictures))


def trainable(network: keras.Model, plan: Plan, steps: int, variance: float) -> keras.Model:
    """The compiled model, uint8 views to logits and features; `variance` is that of the lessons, summed over them."""
    for layer in network.layers:
        block = layer.name.split("_")
        layer.trainable = not (block[0] == "conv" and block[1] == "stem") and not (
            block[0] == "blocks" and int(block[1]) < plan.frozen_blocks
        )
    views = keras.Input(network.input.shape[1:], dtype="uint8", name="view")
    found, _ = network(ops.cast(views, "float32"))
    found = layers.Identity(name="features")(found)
    logits = layers.Dense(len(LABELS), name="logits", kernel_initializer="zeros")(found)
    model = keras.Model(views, {"logits": logits, "features": found})

    def unlikeness(wanted: Any, features: Any) -> Any:
        return ops.sum(ops.square(features - wanted), axis=-1) / variance

    warm_up = max(1, steps // 20)
    rate = keras.optimizers.schedules.CosineDecay(
        plan.learning_rate / 20, max(1, steps - warm_up), warmup_target=plan.learning_rate, warmup_steps=warm_up
    )
    model.compile(
        optimizer=keras.optimizers.Adam(rate, use_ema=True, ema_momentum=plan.average),
        loss={
            "logits": keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=plan.label_smoothing),
            "features": unlikeness,
        },
        loss_weights={"logits": 1.0, "features": plan.likeness},
        weighted_metrics={"logits": [keras.metrics.CategoricalAccuracy(name="accuracy")], "features": []},
    )
    return model


def fit(
    network: keras.Model,
    pictures: Pixels,
    labels: NDArray[np.int64],
    lessons: NDArray[np.float16],
    validation: tuple[Pixels, NDArray[np.int64]],
    plan: Plan,
    run: Path,
) -> keras.Model:
    """Train `network` in place on pictures uint8 [N, H, W, 3]; what an interrupted run left in `run` is taken up again.

    Validation pictures are uint8 [M, side, side, 3], with labels 0 to 2. Leaves curves.csv, a line an epoch.
    """
    run.mkdir(parents=True, exist_ok=True)
    curves = run / "curves.csv"
    done = max(0, len(curves.read_text().splitlines()) - 1) if curves.exists() else 0
    keras.utils.set_random_seed(plan.seed)
    steps = len(pictures) // plan.batch * plan.epochs
    model = trainable(network, plan, steps, float(lessons.astype(np.float32).var(axis=0).sum()))
    held_out, wanted = validation[0], np.eye(3, dtype=np.float32)[validation[1]]
    none = np.zeros((len(held_out), lessons.shape[1]), np.float32)
    weights = {"logits": np.ones(len(held_out)), "features": np.zeros(len(held_out))}
    log_of_epochs = Curves(str(curves), append=True)
    try:
        model.fit(
            ViewBatches(pictures, labels, lessons, plan, done),
            epochs=plan.epochs,
            validation_data=(held_out, {"logits": wanted, "features": none}, weights),
            validation_batch_size=_PREDICT,
            callbacks=[
                keras.callbacks.SwapEMAWeights(swap_on_epoch=True),
                log_of_epochs,
                keras.callbacks.BackupAndRestore(run / "backup", double_checkpoint=True, delete_checkpoint=False),
            ],
            verbose=1 if sys.stdout.isatty() else 2,
        )
    finally:
        log_of_epochs.on_train_end()  # closes its file, which an interrupted training leaves open
    return model
