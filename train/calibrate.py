"""Step 3, calibrate: the temperature that makes the network's confidence true, from the validation pictures."""

import logging

import keras
import numpy as np

from train.data.part import Dataset
from train.metrics import Floats, fit_temperature
from train.recipe import Run

log = logging.getLogger(__name__)


def calibrate(run: Run, network: keras.Model, dataset: Dataset) -> float:
    """What the logits are to be divided by (Guo et al. 2017), as the recipe answers: mirrored too where it is."""
    temperature = fit_temperature(_logits(run, network, dataset), dataset.validation.labels)
    log.info("temperature %.3f, from %d validation pictures", temperature, len(dataset.validation))
    return temperature


def _logits(run: Run, network: keras.Model, dataset: Dataset) -> Floats:
    images = dataset.validation.images
    looks = [images, images[:, :, ::-1]] if run.recipe.mirror else [images]
    logits: Floats = np.mean([network.predict(look, batch_size=256, verbose=0) for look in looks], axis=0)
    return logits
