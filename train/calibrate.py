"""Step 3, calibrate: the temperature that makes the network's confidence true, from the validation pictures."""

import logging

import keras
import numpy as np

from train.data.part import Dataset
from train.looks import looks
from train.metrics import Floats, fit_temperature
from train.recipe import Run

log = logging.getLogger(__name__)


def calibrate(run: Run, network: keras.Model, dataset: Dataset) -> float:
    """What the logits are to be divided by (Guo et al. 2017), as the recipe answers."""
    temperature = fit_temperature(_logits(run, network, dataset), dataset.validation.labels)
    log.info("temperature %.3f, from %d validation pictures", temperature, len(dataset.validation))
    return temperature


def _logits(run: Run, network: keras.Model, dataset: Dataset) -> Floats:
    shown = looks(dataset.validation.images, run.recipe.looks)
    logits: Floats = np.mean([network.predict(look.images, batch_size=256, verbose=0) for look in shown], axis=0)
    return logits
