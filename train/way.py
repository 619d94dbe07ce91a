"""The way of a recipe, from pictures to a model folder: load, fit, calibrate, export, measure, write."""

import logging
from pathlib import Path

from classifier.new_model import check_writable
from train.calibrate import calibrate
from train.export import export
from train.fit import fit
from train.load import load
from train.measure import measure
from train.recipe import Run
from train.write import write

log = logging.getLogger(__name__)

STEPS = ("load", "fit", "calibrate", "export", "measure", "write")


def train(run: Run, data: Path, models: Path, again: bool = False) -> Path:
    """Walk the whole way and return the model folder, models/NAME.

    `data` is the folder that holds the pictures. An interrupted run goes on from its last epoch, and a finished one is
    not trained again, unless `again`.

    Raises:
        DataMissingError: the pictures are not there.
        StaleRunError: an earlier run left work of another network, schedule or data.
        ExportError: the exported file does not answer as the network does.
        ModelError: `models` cannot be written.
    """
    check_writable(models)
    announce("load")
    dataset = load(run, data)
    announce("fit")
    network = fit(run, dataset, again)
    announce("calibrate")
    temperature = calibrate(run, network, dataset)
    announce("export")
    exported = export(run, network, temperature, dataset)
    announce("measure")
    measured = measure(run, exported, dataset)
    announce("write")
    return write(run, network, exported, measured, models)


def announce(step: str, steps: tuple[str, ...] = STEPS) -> None:
    """Say which of the steps begins."""
    log.info("[%d/%d] %s", steps.index(step) + 1, len(steps), step)
