"""Step 6, write: the model folder, written beside its place and put there when it is whole."""

import csv
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras

from classifier.card import write_card
from classifier.new_model import new_model
from train import plots
from train.export import MAX_BYTES, Exported
from train.hosts.hosts import HOSTS_FILE
from train.looks import IN_WORDS
from train.machine import hardware
from train.measure import Measured
from train.networks.transfer import trunk
from train.recipe import Run


def write(run: Run, network: keras.Model, exported: Exported, measured: Measured, models: Path) -> Path:
    """Write models/NAME with model.tflite, card.json, curves.png, confusion.png, and model.keras where it is kept.

    A model of that name that is already there stays until the new one is whole.

    Raises:
        ModelError: the folder cannot be written; what was there is as it was.
    """
    recipe = run.recipe
    with new_model(models, recipe.name, replace=True) as folder:
        (folder / "model.tflite").write_bytes(exported.data)
        if recipe.kept:
            _keep(network, folder)
        plots.curves(run.curves(), folder / "curves.png", recipe.reported.accuracy, bool(run.plan.teachers))
        plots.confusion(measured.confusion, measured.labels, folder / "confusion.png")
        write_card(folder, card(run, network, exported, measured))
    return models / recipe.name


def card(run: Run, network: keras.Model, exported: Exported, measured: Measured) -> dict[str, Any]:
    """The card without its files: what the model is, what it reached and how it was made."""
    recipe = run.recipe
    seconds = [float(row["seconds"]) for row in csv.DictReader(run.curves().splitlines())]
    activation_map = exported.serving.output.get("activation_map")
    copies = measured.figures["data"].get("copies")
    return {
        "name": recipe.name,
        "title": recipe.title,
        "labels": list(measured.labels),
        "input": {"height": recipe.height, "width": recipe.width, "resize": recipe.resize},
        "outputs": {
            "probabilities": [len(measured.labels)],
            "activation_map": None if activation_map is None else list(activation_map.shape[1:]),
        },
        "parameters": network.count_params(),
        "trained": {
            "command": run.command,
            "schedule": run.schedule,
            "epochs": len(seconds),
            "seconds": round(sum(seconds), 1),
            "hardware": hardware(),
            "seed": run.seed,
            **_hosts(run),
            "commit": _commit(),
            "date": datetime.now(UTC).date().isoformat(),
        },
        "answers": IN_WORDS[recipe.looks],
        "notes": [*recipe.notes, *([_ON_COPIES.format(len(copies))] if copies else [])],
    } | measured.figures


_ON_COPIES = (
    "{} of the pictures are JPEG copies, since the exact ones were not available; card.json in the model's folder "
    "names them."
)


def _keep(network: keras.Model, folder: Path) -> None:
    """The network itself; of one too large for a file in the repository only the trunk."""
    if 4 * network.count_params() < MAX_BYTES:
        network.save(folder / "model.keras")
    else:
        trunk(network).save(folder / "trunk.keras")


def _hosts(run: Run) -> dict[str, Any]:
    """Of a run that several hosts made, how many processes there were, and JAX's version."""
    file = run.folder / HOSTS_FILE
    return {"hosts": json.loads(file.read_text())} if file.exists() else {}


def _commit() -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    words = [git, "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or None  # noqa: S603  # fixed words
