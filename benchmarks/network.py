"""The network that all are measured with: the one served by default, as the worker, Keras and ONNX Runtime load it."""

import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from classifier.settings import Settings
from classifier.shelf import MODEL_FILE
from train import export
from train.recipes import RECIPES

RECIPE = RECIPES[Settings.default_model]


@dataclass(frozen=True)
class Network:
    """One network in three forms, each from uint8 [N, height, width, 3] to probabilities and activation map."""

    shelf: Path  # a folder with this one model, as it is shipped: eight-bit weights
    keras: keras.Model  # float32
    onnx: Path  # float32, as Keras exports it

    @property
    def lite(self) -> Path:
        """The file that the worker loads."""
        return self.shelf / RECIPE.name / MODEL_FILE


def load(folder: Path) -> Network:
    """Load the network of the recipe, and write its other forms below `folder`."""
    shipped = Settings.models_dir / RECIPE.name
    shelf = folder / "one"
    shutil.copytree(shipped, shelf / RECIPE.name)
    temperature = json.loads((shipped / "card.json").read_text())["temperature"]
    network = keras.saving.load_model(shipped / "model.keras", safe_mode=True)
    serving = export.serving_model(network, temperature, RECIPE.mirror)
    serving(np.zeros((1, RECIPE.height, RECIPE.width, 3), np.uint8))  # the export wants it to have been called
    onnx = folder / "network.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx still looks for NumPy 1
        serving.export(onnx, format="onnx", verbose=False)
    return Network(shelf, serving, onnx)


def three_models(network: Network, folder: Path) -> Path:
    """A shelf with the network three times, under three names."""
    shelf = folder / "three"
    for name in (RECIPE.name, "second", "third"):
        shutil.copytree(network.shelf / RECIPE.name, shelf / name)
        card = shelf / name / "card.json"
        card.write_text(card.read_text().replace(f'"name": "{RECIPE.name}"', f'"name": "{name}"'))
    return shelf
