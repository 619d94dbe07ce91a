"""The trunk to one LiteRT file in eight bits, weights and activations, and its card."""

import json
import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
from ai_edge_litert.interpreter import Interpreter
from keras import layers, ops
from numpy.typing import NDArray

from classifier.trunk import TRUNK_CARD, TRUNK_FILE
from train import export
from train.errors import ExportError

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

MOST_BYTES = 6_000_000
# Cosine of the features in eight bits with those of the Keras network, mean over real pictures.
LEAST_LIKENESS = 0.98


def convert(network: keras.Model, typical: Pixels) -> bytes:
    """LiteRT bytes: uint8 "image" [N, side, side, 3] to "feature_map" float32 [N, h, w, 1280].

    Every layer computes in eight bits; the ranges of the activations are those of the `typical` pictures, uint8
    [M, side, side, 3]. The mean over the places is left to the caller, who takes it in float32.
    """
    pictures = keras.Input(network.input.shape[1:], dtype="uint8", name="image")
    _, feature_map = network(ops.cast(pictures, "float32"))
    model = keras.Model(pictures, {"feature_map": layers.Identity(name="feature_map")(feature_map)})
    return export.convert(model, quantise=True, typical=typical)


def check(data: bytes, network: keras.Model, pictures: Pixels) -> float:
    """Likeness of the file's features to the network's on real pictures: the mean cosine, 1 where they are the same.

    Raises ExportError where that is below `LEAST_LIKENESS`, or the file is too large.
    """
    if len(data) > MOST_BYTES:
        raise ExportError(f"the trunk's file has {len(data):,} bytes, over the limit of {MOST_BYTES:,}")
    run = Interpreter(model_content=data, num_threads=1).get_signature_runner()
    ours = np.stack([run(image=picture[None])["feature_map"][0].mean(axis=(0, 1)) for picture in pictures])
    theirs = network.predict(pictures.astype(np.float32), verbose=0)[0]
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    likeness = float(((ours * theirs).sum(axis=1) / norms).mean())
    log.info("the trunk's file: %s bytes, features %.4f like the network's", f"{len(data):,}", likeness)
    if not likeness >= LEAST_LIKENESS:
        raise ExportError(f"the trunk's file answers {likeness:.3f} like the network; {LEAST_LIKENESS} is needed")
    return likeness


def write(folder: Path, data: bytes, card: dict[str, Any]) -> None:
    """Write trunk.tflite and trunk.json beside their places and rename them, the file first."""
    for name, content in ((TRUNK_FILE, data), (TRUNK_CARD, json.dumps(card, indent=2).encode() + b"\n")):
        partial = folder / f".{name}.partial"
        partial.write_bytes(content)
        partial.replace(folder / name)
