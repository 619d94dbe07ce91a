"""The network that all are measured with, as the worker, Keras and ONNX Runtime load it."""

import json
import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from classifier.card import MODEL_FILE
from classifier.settings import Settings
from classifier.shelf import SHIPPED
from train import export, write
from train.networks import NETWORKS
from train.recipe import Recipe
from train.recipes import RECIPES

FIRST_REPORTS = "cats_vs_dogs_128"


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
    """The network that is served by default, as it is shipped; its other forms are written below `folder`."""
    recipe = RECIPES[Settings.default_model]
    model = _copied(recipe, folder)
    temperature = json.loads((model / "card.json").read_text())["temperature"]
    network = keras.saving.load_model(model / "model.keras", safe_mode=True)
    return _in_all_forms(recipe, model, export.serving_model(network, temperature, recipe.mirror))


def first_reports(folder: Path) -> Network:
    """The first report's network as it was, one look at the photo, with which the aims were set.

    It has not learnt anything: in 32 bits the trained one is too large to be kept here, and takes no less time.
    """
    recipe = RECIPES[FIRST_REPORTS]
    model = _copied(recipe, folder)
    serving = export.serving_model(NETWORKS[FIRST_REPORTS]((recipe.height, recipe.width, 3), 2), temperature=1)
    card = json.loads((model / "card.json").read_text())
    (model / MODEL_FILE).write_bytes(export.convert(serving, quantise=True))
    write.write_card(model, card)
    return _in_all_forms(recipe, model, serving)


def three_models(network: Network, folder: Path) -> Path:
    """A shelf with the network three times, under three names."""
    shelf, own = folder / "three", network.recipe.name
    for name in (own, "second", "third"):
        shutil.copytree(network.shelf / own, shelf / name)
        card = shelf / name / "card.json"
        card.write_text(card.read_text().replace(f'"name": "{own}"', f'"name": "{name}"'))
    return shelf


def _copied(recipe: Recipe, folder: Path) -> Path:
    model = folder / "one" / recipe.name
    shutil.copytree(SHIPPED / recipe.name, model)
    return model


def _in_all_forms(recipe: Recipe, model: Path, serving: keras.Model) -> Network:
    serving(np.zeros((1, recipe.height, recipe.width, 3), np.uint8))  # the export wants it to have been called
    onnx = model.parent.parent / "network.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx still looks for NumPy 1
        serving.export(onnx, format="onnx", verbose=False)
    return Network(recipe, model.parent, serving, onnx)
