"""The network that all are measured with, as the worker, Keras and ONNX Runtime load it."""

import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

import train.networks  # noqa: F401 - Keras knows our layers by it
from classifier.card import MODEL_FILE
from classifier.shelf import SHIPPED
from train import export
from train.recipe import Recipe
from train.recipes import RECIPES

MODEL = "cats_vs_dogs_scratch"


@dataclass(frozen=True)
class Network:
    """One network in three forms, each from uint8 [N, height, width, 3] to probabilities, some to a map as well."""

    recipe: Recipe
    shelf: Path  # a folder with this one model: eight-bit weights
    keras: keras.Model  # float32
    onnx: Path  # float32, as Keras exports it

    @property
    def lite(self) -> Path:
        """The file that the worker loads."""
        return self.shelf / self.recipe.name / MODEL_FILE


def served(folder: Path) -> Network:
    """A whole network as it is shipped; its other forms, which a head on the trunk has not, are written to `folder`."""
    recipe = RECIPES[MODEL]
    model = folder / "one" / recipe.name
    shutil.copytree(SHIPPED / recipe.name, model)
    temperature = json.loads((model / "card.json").read_text())["temperature"]
    network = keras.saving.load_model(model / "model.keras", safe_mode=True)
    serving = export.serving_model(network, temperature, recipe.looks)
    serving(np.zeros((1, recipe.height, recipe.width, 3), np.uint8))  # the export wants it to have been called
    onnx = folder / "network.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx still looks for NumPy 1
        serving.export(onnx, format="onnx", verbose=False)
    return Network(recipe, model.parent, serving, onnx)


def three_models(network: Network, folder: Path) -> Path:
    """A shelf with the network three times, under three names."""
    shelf, own = folder / "three", network.recipe.name
    for name in (own, "second", "third"):
        shutil.copytree(network.shelf / own, shelf / name)
        card = shelf / name / "card.json"
        card.write_text(card.read_text().replace(f'"name": "{own}"', f'"name": "{name}"'))
    return shelf
