"""Step 5, measure: the test pictures, read once, by the file that is served."""

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train import metrics, robustness
from train.data.part import Dataset
from train.export import Exported, answers
from train.recipe import Run

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measured:
    """What the card tells of the data and the figures, as plain data, and the confusion matrix int64 (C, C)."""

    figures: dict[str, Any]
    confusion: NDArray[np.int64]
    labels: tuple[str, ...]


def measure(run: Run, exported: Exported, dataset: Dataset) -> Measured:
    """The figures of the exported file on the test pictures, and on pictures of none where the recipe has some."""
    test = dataset.test
    chances = answers(exported.data, test.images)
    in_float = exported.serving.predict(test.images, batch_size=256, verbose=0)["probabilities"]
    confusion = metrics.confusion(chances, test.labels)
    below = metrics.unsure_below(exported.validation)
    figures: dict[str, Any] = {
        "data": _data(run, dataset),
        "temperature": round(exported.temperature, 4),
        "unsure_below": below,
        "metrics": metrics.metrics(chances, test.labels),
        "weights": {
            "kind": exported.kind,
            "accuracy_of_float32": round(metrics.accuracy(in_float, test.labels), 4),
        },
        "mixed_up": metrics.mixed_up(confusion, dataset.labels),
    }
    if dataset.held_out_none is not None:
        of_none = answers(exported.data, dataset.held_out_none.images)
        figures["unsure"] = metrics.unsure(chances, of_none, below)
    if run.recipe.robustness:
        figures["robustness"] = _robustness(run, exported, dataset)
    accuracy = figures["metrics"]["accuracy"]
    log.info("accuracy %(value).4f of %(n)d test pictures (95 %%: %(low).4f to %(high).4f)", accuracy)
    return Measured(figures, confusion, dataset.labels)


def _data(run: Run, dataset: Dataset) -> dict[str, Any]:
    return {
        "set": dataset.name,
        "variant": run.recipe.variant,
        "split": dataset.split,
        "train": len(dataset.train),
        "validation": len(dataset.validation),
        "test": len(dataset.test),
        **({"copies": list(dataset.copies)} if dataset.copies else {}),
    }


def _robustness(run: Run, exported: Exported, dataset: Dataset) -> dict[str, float]:
    """Accuracy on the test photos after each change."""
    found = {}
    recipe = run.recipe
    for name, pictures in robustness.changed(dataset.files, recipe.height, recipe.width, recipe.resize):
        found[name] = round(metrics.accuracy(answers(exported.data, pictures), dataset.test.labels), 4)
        log.info("%s: %.4f", name, found[name])
    return found
