"""The way of `cats_vs_dogs`, a head on the trunk: load, fit, calibrate, export, measure, write.

    python -m train cats_vs_dogs --data DATA

A softmax regression on the trunk's features of each training picture, as it is and in changed views; some ten minutes
on two cores. It answers cat, dog or neither.
"""

import functools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.card import HEAD_FILE, write_card
from classifier.head import Head
from classifier.new_model import new_model
from classifier.photo import ResizeRule
from classifier.trunk import Trunk
from teach.regression import Layer, regress
from train import metrics, plots
from train.data.asirra import asirra
from train.data.cache import cached
from train.machine import hardware
from train.trunk.fit import LABELS
from train.trunk.pictures import NEITHER, SIDE, Pictures, load, squared
from train.trunk.views import Views
from train.way import announce

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

NAME = "cats_vs_dogs"
# The photo's centre square. Balanced by class on 594 photos in their own shape, as they are and changed, it was right
# more often than the whole photo squashed; see train/results/LOG.md.
RESIZE: ResizeRule = "crop"
VIEWS = 2  # changed views of each training picture, beside the picture as it is
# Times the training pictures: views with a cat and a dog, which count half for each.
_BOTH = 0.02
# How much large weights cost, chosen on the validation pictures.
_STRENGTHS = (1e-4, 3e-4, 1e-3)
# Of what cats and dogs count each: neither is three times as varied, and at the same weight takes cats and dogs for its
# own. Chosen where both are right as often on validation: .9820 of cats and dogs, .9794 of neither. At a half .9784 and
# .9900, at an eighth .9840 and .9669.
_NEITHER_COUNTS = 0.25
# A hundred thousand views are worth more steps than the photos of one teaching.
_LEAST_GAIN = 1e-9
# Of the validation pictures of cats and dogs, changed ones among them, this share may be called unsure.
_UNSURE = 0.02
NOTES = (
    "It stands on the trunk, which began as EfficientNet-Lite0 with ImageNet weights (Apache-2.0) and was trained on "
    "here.",
    "It answers cat, dog or neither. A photo that shows both is taught as half of each, so it is mostly called unsure.",
    "Cats and dogs it learnt from Asirra's photos only, neither from the public sets that docs/PICTURES.md names.",
)


def train(data: Path, models: Path, trunk: Trunk) -> Path:
    """Fit the head and write models/cats_vs_dogs, which is returned. `trunk` is the one it will stand on.

    Raises:
        DataMissingError: PetImages/ or neither/ is not in `data`.
        ModelError: the folder cannot be written; what was there is as it was.
    """
    announce("load")
    pictures, validation = load(data)
    announce("fit")
    learnt = _looked_at(trunk, pictures, VIEWS, seed=0)
    held_out = _looked_at(trunk, validation, 1, seed=1)
    layer, strength = _best(learnt, held_out)
    announce("calibrate")
    logits = layer.logits(held_out[0])
    temperature = metrics.fit_temperature(logits, held_out[1])
    announce("export")
    head = Head(layer.kernel / np.float32(temperature), layer.bias / np.float32(temperature))
    below = _unsure_below(head.probabilities(held_out[0]), held_out[1])
    announce("measure")
    figures, confusion = _measured(trunk, head, data, below)
    announce("write")
    card = _card(trunk, pictures, len(validation), int(confusion.sum()), below) | figures
    card |= {"temperature": round(temperature, 4), "strength": strength}
    return _write(models, head, card, confusion)


def _looked_at(trunk: Trunk, pictures: Pictures, views: int, seed: int) -> tuple[Floats, NDArray[np.int64]]:
    """Features and labels of the pictures as they are, of so many changed views of each, and of views with both."""
    count, side = len(pictures), trunk.card.side
    both = max(1, round(_BOTH * count))
    rng = np.random.default_rng(seed)
    cats, dogs, none = (np.flatnonzero(pictures.labels == label) for label in range(len(LABELS)))
    backdrops = rng.choice(none, (views, count))
    pairs = np.stack([rng.choice(cats, both), rng.choice(dogs, both)], axis=1)

    def changed(view: int, row: int) -> Pixels:
        return Views(side, (seed, view, row))(pictures.images[row], pictures.images[backdrops[view, row]])

    def with_both(row: int) -> Pixels:
        return Views(side, (seed, views, row)).both(*pictures.images[pairs[row]])

    def make() -> NDArray[np.float16]:
        found = [_features(trunk, count, lambda row: squared(pictures.images[row][None], side)[0])]
        for view in range(views):
            log.info("changed views of %d pictures, %d of %d", count, view + 1, views)
            found.append(_features(trunk, count, functools.partial(changed, view)))
        return np.concatenate([*found, *[_features(trunk, both, with_both)] * 2])

    made_of = f"{trunk.card.sha256} {pictures.digest} {views}"
    features = np.asarray(cached(f"features-{NAME}-{seed}", made_of, make)).astype(np.float32)
    halves = np.repeat([0, 1], both)  # a view with both stands there twice, once for each
    return features, np.concatenate([np.tile(pictures.labels, views + 1), halves])


def _features(trunk: Trunk, count: int, picture: Callable[[int], Pixels]) -> NDArray[np.float16]:
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda row: trunk(picture(row)[None]).features[0].astype(np.float16), range(count))
        return np.stack(list(found))


def _best(learnt: tuple[Floats, NDArray[np.int64]], held_out: tuple[Floats, NDArray[np.int64]]) -> tuple[Layer, float]:
    """The layer of least log-loss on the held-out pictures."""
    features, labels = learnt
    weights = (np.array([1, 1, _NEITHER_COUNTS]) / np.bincount(labels))[labels].astype(np.float32)
    best: tuple[float, Layer, float] | None = None
    for strength in _STRENGTHS:
        layer = regress([features], labels, weights, len(LABELS), strength, None, _LEAST_GAIN)
        logits = layer.logits(held_out[0])
        chances = metrics.probabilities(logits, metrics.fit_temperature(logits, held_out[1]))
        loss = metrics.log_loss(chances, held_out[1])
        log.info("strength %g: log-loss %.4f, %.4f right", strength, loss, metrics.accuracy(chances, held_out[1]))
        if best is None or loss < best[0]:
            best = loss, layer, strength
    assert best is not None  # noqa: S101  # there are strengths to try
    return best[1], best[2]


def _unsure_below(chances: Floats, labels: NDArray[np.int64]) -> float:
    ours = chances[labels != NEITHER].max(axis=1)
    return round(float(np.quantile(ours, _UNSURE)), 4)


def _measured(trunk: Trunk, head: Head, data: Path, below: float) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """The test photos, read once: three labels to answer with, two of them true."""
    test = asirra(data, SIDE, SIDE).test
    features = _features(trunk, len(test), lambda row: squared(test.images[row][None], trunk.card.side)[0])
    chances = head.probabilities(features.astype(np.float32))
    confusion = metrics.confusion(chances, test.labels)
    tested = metrics.metrics(chances, test.labels)
    figures = {
        "metrics": tested,
        "unsure": {
            "of_test": round(float((chances.max(axis=1) < below).mean()), 4),
            "neither_of_test": round(float((chances.argmax(axis=1) == NEITHER).mean()), 4),
        },
        "mixed_up": metrics.mixed_up(confusion, LABELS),
    }
    log.info("accuracy %(value).4f of %(n)d test photos (95 %%: %(low).4f to %(high).4f)", tested["accuracy"])
    return figures, confusion


def _card(trunk: Trunk, pictures: Pictures, validation: int, test: int, below: float) -> dict[str, Any]:
    height, width, _ = trunk.card.feature_map
    return {
        "name": NAME,
        "title": "Cats and dogs",
        "labels": list(LABELS),
        "none": LABELS[NEITHER],
        "trunk": trunk.card.sha256,
        "input": {"height": trunk.card.side, "width": trunk.card.side, "resize": RESIZE},
        "outputs": {"probabilities": [len(LABELS)], "activation_map": [height, width, len(LABELS)]},
        "unsure_below": below,
        "data": {
            "set": "Asirra cats and dogs; photos of neither from public sets",
            "split": "train N < 9000, validation 9000 <= N < 10000, test N >= 10000",
            "train": len(pictures),
            "validation": validation,
            "test": test,
        },
        "trained": {
            "command": f"python -m train {NAME}",
            "hardware": hardware(),
            "date": datetime.now(UTC).date().isoformat(),
        },
        "answers": "the centre square of the photo",
        "notes": list(NOTES),
    }


def _write(models: Path, head: Head, card: dict[str, Any], confusion: NDArray[np.int64]) -> Path:
    with new_model(models, NAME, replace=True) as folder:
        (folder / HEAD_FILE).write_bytes(head.bytes())
        plots.confusion(confusion, LABELS, folder / "confusion.png")
        write_card(folder, card)
    return models / NAME
