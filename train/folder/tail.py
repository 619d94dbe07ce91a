"""The last blocks of the trunk, trained on for one's own labels; resumable after every epoch."""

import logging
import math
import os
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from teach.regression import regress

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]
Maps = NDArray[np.float16]  # [N, VIEWS, h, w, channels]

# The trunk is cut behind this layer: what comes before, edges to textures, stays and is computed once for all.
CUT = "blocks_10_add"
_PREDICT = 64
# How strongly the layer that the training begins with is held down, on features of one standard deviation.
_STRENGTH = 0.1


@dataclass(frozen=True)
class Plan:
    """How it is trained on."""

    seen: int = 6_000  # looks in all: of few photos each is seen more often ...
    least_epochs: int = 6  # ... and of many at least so often
    most_epochs: int = 20
    batch: int = 32
    learning_rate: float = 2e-4
    weight_decay: float = 0.02
    label_smoothing: float = 0.05
    seed: int = 0

    def epochs(self, photos: int) -> int:
        """How often each of so many photos is seen."""
        return min(self.most_epochs, max(self.least_epochs, self.seen // photos))


def cut(network: keras.Model, layer: str = CUT) -> tuple[keras.Model, keras.Model]:
    """The trunk as two networks: pictures to maps at the cut, and these to features and feature map."""
    at = network.get_layer(layer).output
    return keras.Model(network.input, at, name="stem"), keras.Model(at, network.outputs, name="tail")


def copy(tail: keras.Model) -> keras.Model:
    """The same tail again, with weights of its own."""
    again = keras.models.clone_model(tail)
    again.set_weights(tail.get_weights())
    return again


def train_on(tail: keras.Model, maps: Maps, rows: Labels, truth: Labels, plan: Plan, run: Path) -> keras.Model:
    """A copy of `tail` under a new layer, maps to logits, trained on `rows` of the maps, whose labels are truth[rows].

    It begins with the layer that is best on the features as they are, so that training on starts from a good answer
    (Kumar et al. 2022). What an interrupted training left in `run` is taken up after its last whole epoch.
    """
    epochs, steps = plan.epochs(len(rows)), math.ceil(len(rows) / plan.batch)
    kept = sorted(run.glob("epoch-*.keras"))
    if kept:
        model, done = keras.saving.load_model(kept[-1], safe_mode=True), int(kept[-1].stem.removeprefix("epoch-"))
    else:
        run.mkdir(parents=True, exist_ok=True)
        model, done = _begun(tail, maps, rows, truth[rows], plan, epochs * steps), 0
    counts = np.bincount(truth[rows])
    weights, wanted = (counts.mean() / counts).astype(np.float32), np.eye(len(counts), dtype=np.float32)
    for epoch in range(done, epochs):
        rng = np.random.default_rng((plan.seed, epoch))
        order, losses = rng.permutation(rows), []
        for batch in np.array_split(order, steps):
            looks = maps[batch, rng.integers(maps.shape[1], size=len(batch))].astype(np.float32)
            losses.append(model.train_on_batch(looks, wanted[truth[batch]], weights[truth[batch]]))
        log.info("epoch %d of %d: loss %.3f", epoch + 1, epochs, float(np.mean(losses)))
        _keep(model, run, epoch + 1)
    return model


def answers(model: keras.Model, maps: Maps, rows: Labels) -> Floats:
    """What a model of one output says of these photos as they are, float32 [len(rows), values]."""
    batches = np.array_split(rows, max(1, math.ceil(len(rows) / _PREDICT)))
    found = [np.asarray(model(maps[batch, 0].astype(np.float32), training=False)) for batch in batches if len(batch)]
    return np.concatenate(found or [np.zeros((0, model.output.shape[-1]))]).astype(np.float32)


def _begun(tail: keras.Model, maps: Maps, rows: Labels, truth: Labels, plan: Plan, steps: int) -> keras.Model:
    keras.utils.set_random_seed(plan.seed)
    own = copy(tail)
    features = answers(keras.Model(own.input, own.outputs[0]), maps, rows)
    mean, scale, classes = features.mean(axis=0), float(features.std()) or 1.0, int(truth.max()) + 1
    share = (1 / np.bincount(truth))[truth].astype(np.float32)
    layer = regress([(features - mean) / scale], truth, share, classes, _STRENGTH, None)
    given = keras.Input(own.input.shape[1:], name="map")
    seen, _ = own(given)
    dense = layers.Dense(classes, name="logits")
    model = keras.Model(given, dense(seen))
    dense.set_weights([layer.kernel / scale, layer.bias - mean / scale @ layer.kernel])
    warm_up = max(1, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        plan.learning_rate / 10, max(1, steps - warm_up), warmup_target=plan.learning_rate, warmup_steps=warm_up
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=plan.weight_decay)
    model.compile(
        optimizer, keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=plan.label_smoothing)
    )
    return model


def _keep(model: keras.Model, run: Path, epoch: int) -> None:
    """Save the model with its optimizer, and remove the one before it once this is whole."""
    partial = run / f"partial-{os.getpid()}.keras"
    model.save(partial)
    partial.replace(run / f"epoch-{epoch:03}.keras")
    for older in run.glob("epoch-*.keras"):
        if older.name < f"epoch-{epoch:03}.keras":
            older.unlink()
