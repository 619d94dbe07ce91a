"""Step 1, load: the pictures of a recipe, at its size, in their fixed split."""

import logging
from dataclasses import replace
from pathlib import Path

from train.data import outliers
from train.data.asirra import asirra
from train.data.cifar import cifar10, cifar100
from train.data.part import Dataset
from train.learning.teachers import TEACHERS
from train.recipe import Recipe, Run

log = logging.getLogger(__name__)


def load(run: Run, data: Path) -> Dataset:
    """The data set from the folder `data`, and whatever else its training needs.

    Raises:
        DataMissingError: something is not there; the message says what and where it goes.
    """
    recipe = run.recipe
    # What is quickly seen to be missing first: decoding takes minutes.
    for name in {name for stage in run.stages for name in stage.plan.teachers}:
        TEACHERS[name].identity(data)
    if recipe.outliers:
        outliers.find(data / "outliers")
    dataset = _pictures(recipe, data)
    if recipe.outliers:
        none = outliers.read(data / "outliers", recipe.height, recipe.width, label=len(dataset.labels))
        dataset = replace(dataset, none=none[0], held_out_none=none[1])
    parts = (len(part) for part in (dataset.train, dataset.validation, dataset.test))
    log.info("%s: %d train, %d validation, %d test pictures", dataset.name, *parts)
    return dataset


def _pictures(recipe: Recipe, data: Path) -> Dataset:
    if recipe.data == "asirra":
        return asirra(data, recipe.height, recipe.width, recipe.variant)
    return cifar10(data) if recipe.data == "cifar10" else cifar100(data)
