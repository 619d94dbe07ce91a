"""Whether the trunk still serves other tasks: a linear layer on its features, over five splits of labelled folders."""

import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from teach.regression import regress
from train.trunk.fit import features
from train.trunk.pictures import stored

log = logging.getLogger(__name__)

SPLITS = 5
# Photos of a class that are looked at, and how many of them the layer learns from.
MOST, LEARNT = 200, 0.7
_STRENGTH = 1e-3


def measure(before: keras.Model, after: keras.Model, tasks: Path) -> dict[str, Any]:
    """For each folder of label folders in `tasks`: accuracy on features of the network before and after training on.

    Both look at the same pictures in the same splits; the figures are means over the splits.
    """
    found = {}
    for task in sorted(entry for entry in tasks.iterdir() if entry.is_dir()):
        pictures, labels = _read(task)
        shares = [_accuracy(features(network, pictures), labels) for network in (before, after)]
        found[task.name] = {"n": len(labels), "before": round(shares[0], 4), "after": round(shares[1], 4)}
        log.info("%s: %.4f of held-out photos before, %.4f after", task.name, *shares)
    return found


def _read(task: Path) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    pictures, labels = [], []
    for label, folder in enumerate(sorted(entry for entry in task.iterdir() if entry.is_dir())):
        read = [stored(path) for path in sorted(folder.iterdir())[:MOST]]
        kept = [picture for picture in read if picture is not None]
        pictures += kept
        labels += [label] * len(kept)
    return np.stack(pictures), np.array(labels)


def _accuracy(found: NDArray[np.float16], labels: NDArray[np.int64]) -> float:
    values, classes = found.astype(np.float32), int(labels.max()) + 1
    shares = []
    for seed in range(SPLITS):
        learnt = np.random.default_rng(seed).random(len(labels)) < LEARNT
        weights = np.ones(int(learnt.sum()), np.float32)
        layer = regress([values[learnt]], labels[learnt], weights, classes, _STRENGTH, None)
        shares.append(float((layer.logits(values[~learnt]).argmax(axis=1) == labels[~learnt]).mean()))
    return float(np.mean(shares))
