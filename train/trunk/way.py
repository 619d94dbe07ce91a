"""The way of the trunk: load, fit, export, measure, write. `python -m train trunk --data DATA`.

Four epochs took 74 minutes on two cores of an AMD EPYC with AVX-512, shared with other work, in November 2026: .9833
of 3,595 validation pictures, drawn ones and photos of neither among them. DATA holds PetImages/ and neither/, any
folders of photos of neither cat nor dog; docs/PICTURES.md names those used.
"""

import csv
import hashlib
import json
import logging
import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np

from classifier.trunk import TRUNK_CARD, Trunk
from teach.bank import write_bank
from train.data.cache import cache_dir, cached
from train.errors import StaleRunError
from train.machine import hardware
from train.trunk import export, generality, lite0
from train.trunk.fit import Plan, features, fit, trainable
from train.trunk.pictures import NEITHER, Pictures, load, squared
from train.trunk.views import Views
from train.way import announce

log = logging.getLogger(__name__)

STEPS = ("load", "fit", "export", "measure", "write")
# Pictures that set the ranges of the activations in eight bits, and others that the file is compared on.
_TYPICAL, _COMPARED = 220, 80
# Pictures of the bank: of neither, and of cats and dogs, which are none of other people's things.
_BANK_NEITHER, _BANK_EACH = 2_400, 300


def train(data: Path, folder: Path, again: bool = False, plan: Plan | None = None) -> Path:
    """Train the trunk on and write trunk.tflite, trunk.json and bank.npz into `folder`, which is returned.

    An interrupted run goes on from its last epoch, and a finished one is not trained again, unless `again`. With
    DATA/tasks, folders of label folders of other tasks, the card tells what they lose or gain.

    Raises:
        DataMissingError: pictures or starting weights are not there.
        StaleRunError: an earlier run left work of other pictures or another plan.
        ExportError: the file in eight bits does not answer as the network does.
    """
    plan, run = plan or Plan(), run_folder()
    announce("load", STEPS)
    weights = lite0.start_weights()
    pictures, validation = load(data)
    announce("fit", STEPS)
    model = _fitted(weights, pictures, validation, plan, run, again)
    network = model.get_layer("trunk")
    announce("export", STEPS)
    typical = _typical(pictures, plan)
    exported = export.convert(network, typical[:_TYPICAL])
    likeness = export.check(exported, network, typical[_TYPICAL:])
    announce("measure", STEPS)
    with (run / "curves.csv").open(newline="") as file:
        epochs = list(csv.DictReader(file))
    accuracy = round(float(epochs[-1]["val_logits_accuracy"]), 4)
    found: dict[str, Any] = {"likeness_in_eight_bits": round(likeness, 4), "validation_accuracy": accuracy}
    if (data / "tasks").is_dir():
        found["other_tasks"] = generality.measure(lite0.network(weights, plan.side), network, data / "tasks")
    announce("write", STEPS)
    folder.mkdir(parents=True, exist_ok=True)
    seconds = sum(float(epoch["seconds"]) for epoch in epochs)
    export.write(folder, exported, _card(exported, network, pictures, plan, seconds, found))
    _write_bank(folder, pictures)
    return folder


def run_folder() -> Path:
    """Where its checkpoints and curves are, outside the source tree."""
    return cache_dir() / "runs" / "trunk"


def _fitted(
    weights: lite0.Weights, pictures: Pictures, validation: Pictures, plan: Plan, run: Path, again: bool
) -> keras.Model:
    if again:
        shutil.rmtree(run, ignore_errors=True)
    _check_made_by(run, pictures, plan)
    network, finished = lite0.network(weights, plan.side), run / "finished.weights.h5"
    if finished.exists():
        log.info("taking the finished run in %s (--again trains it again)", run)
        model = trainable(network, plan, 1, 1.0)
        model.optimizer.build(model.trainable_variables)  # its state is in the file too
        model.load_weights(finished)
        return model
    target = lite0.network(weights, plan.target_side)
    lessons = cached(
        "lessons-trunk", f"{pictures.digest} {plan.target_side}", lambda: features(target, pictures.images)
    )
    held_out = squared(validation.images, plan.side), validation.labels
    model = fit(network, pictures.images, pictures.labels, np.asarray(lessons), held_out, plan, run)
    model.save_weights(finished)
    return model


def _check_made_by(run: Path, pictures: Pictures, plan: Plan) -> None:
    stamp, made_by = run / "made_by.json", {"pictures": pictures.digest, "plan": asdict(plan)}
    if stamp.exists() and json.loads(stamp.read_text()) != made_by:
        raise StaleRunError(f"{run} holds a run of other pictures or another plan. Use --again, or delete that folder.")
    run.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(made_by, indent=2))


def _typical(pictures: Pictures, plan: Plan) -> export.Pixels:
    """Pictures as photos come: every third one changed."""
    rows = np.random.default_rng(plan.seed).permutation(len(pictures))[: _TYPICAL + _COMPARED]
    views = Views(plan.side, plan.seed)
    looks = squared(pictures.images[rows], plan.side)
    for place in range(0, len(rows), 3):
        looks[place] = views(pictures.images[rows[place]], pictures.images[rows[0]])
    return np.random.default_rng(plan.seed).permutation(looks)


def _card(
    exported: bytes, network: keras.Model, pictures: Pictures, plan: Plan, seconds: float, found: dict[str, Any]
) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256(exported).hexdigest(),
        "bytes": len(exported),
        "side": plan.side,
        "feature_map": [int(size) for size in network.output[1].shape[1:]],
        "parameters": network.count_params(),
        "origin": f"EfficientNet-Lite0 with ImageNet weights (Tan & Le 2019, Apache-2.0), from {lite0.PACKAGE}",
        "data": {
            "cats and dogs": "Asirra, train N < 9000",
            "pictures": {
                name: int((pictures.labels == label).sum()) for label, name in enumerate(("cat", "dog", "neither"))
            },
        },
        "trained": {
            "command": "python -m train trunk",
            **asdict(plan),
            "seconds": round(seconds, 1),
            "hardware": hardware(),
            "date": datetime.now(UTC).date().isoformat(),
        },
        "metrics": found,
    }


def _write_bank(folder: Path, pictures: Pictures) -> None:
    trunk = Trunk(folder)
    rng, rows = np.random.default_rng(0), []
    for label, count in ((0, _BANK_EACH), (1, _BANK_EACH), (NEITHER, _BANK_NEITHER)):
        among = np.flatnonzero(pictures.labels == label)
        rows += rng.permutation(among)[:count].tolist()
    found = [trunk(squared(pictures.images[row][None], trunk.card.side)).features[0] for row in sorted(rows)]
    write_bank(np.stack(found).astype(np.float16), trunk.card.sha256, folder)
    log.info("the bank: features of %d pictures (%s)", len(rows), TRUNK_CARD)
