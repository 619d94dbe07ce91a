"""The network that all are measured with: one of ours, as the worker, Keras and ONNX Runtime load it."""

import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import keras

from classifier.settings import Settings
from classifier.shelf import MODEL_FILE
from train import export
from train.networks import NETWORKS
from train.recipes import RECIPES

RECIPE = RECIPES["cats_vs_dogs"]


@dataclass(frozen=True)
class Network:
    """One network in three forms, each from uint8 [N, height, width, 3] to probabilities and activation map."""

    shelf: Path  # a folder with one model: eight-bit weights, as every network here is published
    keras: keras.Model  # float32
    onnx: Path  # float32, as Keras exports it
    trained: bool  # else the weights are drawn, which costs the same time

    @property
    def lite(self) -> Path:
        """The file that the worker loads."""
        return self.shelf / RECIPE.name / MODEL_FILE


def make(folder: Path) -> Network:
    """Build or load the network of the recipe, and write its forms below `folder`."""
    found = Settings.models_dir / RECIPE.name / "model.keras"
    trained = found.exists()
    keras.utils.set_random_seed(0)
    network = (
        keras.saving.load_model(found, safe_mode=True)
        if trained
        else NETWORKS[RECIPE.network]((RECIPE.height, RECIPE.width, 3), 2)
    )
    serving = export.serving_model(network, temperature=1.0, mirror=RECIPE.mirror)
    shelf = folder / "one"
    export.write(shelf / RECIPE.name, export.convert(serving, quantise=True), network, _card(serving))
    onnx = folder / "network.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tf2onnx still looks for NumPy 1
        serving.export(onnx, format="onnx", verbose=False)
    return Network(shelf, serving, onnx, trained)


def three_models(network: Network, folder: Path) -> Path:
    """A shelf with the network three times, under three names."""
    shelf = folder / "three"
    for name in (RECIPE.name, "second", "third"):
        shutil.copytree(network.shelf / RECIPE.name, shelf / name)
        card = shelf / name / "card.json"
        card.write_text(card.read_text().replace(f'"name": "{RECIPE.name}"', f'"name": "{name}"'))
    return shelf


def _card(serving: keras.Model) -> dict[str, object]:
    return {
        "name": RECIPE.name,
        "labels": ["cat", "dog"],
        "input": {"height": RECIPE.height, "width": RECIPE.width, "resize": "squash"},
        "outputs": {"probabilities": [2], "activation_map": list(serving.output["activation_map"].shape[1:])},
        "unsure_below": 0.6,
    }
