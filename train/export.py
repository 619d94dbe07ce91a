"""A trained network to a model folder that the worker serves: model.tflite, card.json, curves.png, confusion.png."""

import hashlib
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from keras import layers
from numpy.typing import NDArray

from train.datasets import Part

log = logging.getLogger(__name__)

# A committed file may not be larger, so neither may a model.
MAX_BYTES = 16 * 1024 * 1024
# How far a probability of the exported file may lie from the Keras model's: float kernels differ in rounding,
# eight-bit weights by a few hundredths on the least certain pictures.
TOLERANCE = {"float32": 1e-3, "dynamic int8": 0.15}


class ExportError(Exception):
    """The exported file does not answer as the Keras model does, or is too large; nothing was written."""


def serving_model(network: keras.Model, temperature: float) -> keras.Model:
    """uint8 (N, H, W, 3) to {"probabilities": float32 (N, C)}: temperature and softmax become layers."""
    logits = layers.Rescaling(1 / temperature, name="temperature")(network.output)
    if network.output.shape[-1] == 1:
        chance = layers.Activation("sigmoid")(logits)
        chances = layers.Concatenate(name="probabilities")([layers.Rescaling(-1.0, offset=1.0)(chance), chance])
    else:
        chances = layers.Softmax(name="probabilities")(logits)
    return keras.Model(network.input, {"probabilities": chances}, name=network.name)


def convert(model: keras.Model, quantise: bool) -> bytes:
    """LiteRT bytes of a serving model; `quantise` stores the weights in eight bits (dynamic range)."""
    archive = keras.export.ExportArchive()
    archive.track(model)
    shape = (None, *model.input.shape[1:])
    archive.add_endpoint("serving_default", model.call, [tf.TensorSpec(shape, tf.uint8, name="image")])
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT] if quantise else []
        data: bytes = converter.convert()
    return data


def answers(data: bytes, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities float32 (N, C) that the file gives for uint8 (N, H, W, 3), one picture a call as in serving."""
    runner = Interpreter(model_content=data, num_threads=1).get_signature_runner()
    return np.concatenate([runner(image=image[None])["probabilities"] for image in images])


def check(data: bytes, model: keras.Model, images: NDArray[np.uint8], kind: str) -> None:
    """Raise ExportError unless the file agrees with the Keras model on these real pictures."""
    if len(data) > MAX_BYTES:
        raise ExportError(f"the {kind} file has {len(data):,} bytes, over the limit of {MAX_BYTES:,}")
    ours, keras_says = answers(data, images), np.asarray(model(images)["probabilities"])
    if not np.isfinite(ours).all():
        raise ExportError(f"the {kind} file answers with numbers that are not finite")
    gap = float(np.abs(ours - keras_says).max())
    if gap > TOLERANCE[kind]:
        raise ExportError(f"the {kind} file differs from the Keras model by {gap:.3f} in a probability")
    log.info("%s file: %s bytes, at most %.4f from the Keras model", kind, f"{len(data):,}", gap)


def write(folder: Path, data: bytes, card: dict[str, Any]) -> None:
    """Write model.tflite and the card with its digest; the card comes last, since a folder counts from its card."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "card.json").unlink(missing_ok=True)
    (folder / "model.tflite").write_bytes(data)
    files = {"model.tflite": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}}
    (folder / "card.json").write_text(json.dumps(card | {"files": files}, indent=2, ensure_ascii=False) + "\n")


def agreeing_pictures(part: Part, count: int = 64) -> NDArray[np.uint8]:
    """Pictures spread over a part, for `check`."""
    rows = np.linspace(0, len(part) - 1, min(count, len(part))).astype(int)
    pictures: NDArray[np.uint8] = part.images[rows]
    return pictures
