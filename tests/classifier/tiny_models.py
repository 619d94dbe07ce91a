"""Tiny models whose right answers are known: they name the strongest of three colours."""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from tests.classifier.lite_file import LiteFile

SIDE = 16
LABELS = ["red", "green", "blue"]


@functools.cache
def tiny_model(with_map: bool, scale: float = 12.0) -> bytes:
    """LiteRT bytes of softmax(scale * mean colour), float32; the activation map is 4 x 4 x 3."""
    graph = LiteFile(SIDE)
    small = graph.pooled(graph.pixels(scale / 255), 4)
    probabilities = graph.softmax(graph.mean(small))
    if not with_map:
        return graph.bytes(probabilities=probabilities)
    return graph.bytes(probabilities=probabilities, activation_map=small)


def write_model(folder: Path, data: bytes, /, **changes: Any) -> Path:
    """A model folder; `changes` replace entries of its card."""
    folder.mkdir(parents=True)
    (folder / "model.tflite").write_bytes(data)
    (folder / "card.json").write_text(card_of(folder.name, data, **changes))
    return folder


def card_of(name: str, data: bytes, /, **changes: Any) -> str:
    """The card of a model with this file; `changes` replace entries of it."""
    card = {
        "name": name,
        "labels": LABELS,
        "input": {"height": SIDE, "width": SIDE, "resize": "squash"},
        "outputs": {"probabilities": [3], "activation_map": None},
        "files": {"model.tflite": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}},
        "metrics": {"accuracy": {"value": 0.9, "low": 0.88, "high": 0.92, "n": 1000}},
        "unsure_below": 0.6,
    }
    return json.dumps({**card, **changes})


def write_shelf(folder: Path) -> Path:
    """A folder with two models: `plain`, and `with_map`, which has an activation map."""
    write_model(folder / "plain", tiny_model(False), title="Three colours")
    write_model(folder / "with_map", tiny_model(True), outputs={"probabilities": [3], "activation_map": [4, 4, 3]})
    (folder / "notes").mkdir()
    return folder


def only(shelf: Path, default: str = "plain") -> dict[str, str]:
    """The environment of a program that has the models of this folder and no other."""
    return {
        "CLASSIFIER_MODELS_DIR": str(shelf),
        "CLASSIFIER_SHIPPED_MODELS": "none",
        "CLASSIFIER_DEFAULT_MODEL": default,
    }
