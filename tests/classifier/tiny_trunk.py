"""A tiny trunk whose features are known: eight of them, the mean red, green and blue of each place, and nought."""

import functools
import hashlib
import json
from pathlib import Path

import numpy as np

from classifier.head import Head
from classifier.trunk import TRUNK_CARD, TRUNK_FILE

SIDE = 32
PLACES = 4
FEATURES = 8


@functools.cache
def tiny_trunk() -> bytes:
    """LiteRT bytes: uint8 [N, 32, 32, 3] to feature_map float32 [N, 4, 4, 8], each colour 0 to 1."""
    import keras
    import tensorflow as tf

    pixels = keras.Input((SIDE, SIDE, 3), dtype="uint8", name="image")
    colours = keras.layers.AveragePooling2D(SIDE // PLACES)(keras.layers.Rescaling(1 / 255)(pixels))
    padding = keras.layers.Conv2D(FEATURES, 1, use_bias=False)
    model = keras.Model(pixels, {"feature_map": keras.layers.Identity(name="feature_map")(padding(colours))})
    padding.set_weights([np.eye(3, FEATURES, dtype=np.float32)[None, None]])
    archive = keras.export.ExportArchive()
    archive.track(model)
    shape = (None, SIDE, SIDE, 3)
    archive.add_endpoint("serving_default", model.call, [tf.TensorSpec(shape, tf.uint8, name="image")])
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        data: bytes = tf.lite.TFLiteConverter.from_saved_model(folder).convert()
    return data


def write_trunk(folder: Path, **changes: object) -> str:
    """Write the trunk and its card into a folder; returns its SHA-256. `changes` replace entries of the card."""
    folder.mkdir(parents=True, exist_ok=True)
    data = tiny_trunk()
    digest = hashlib.sha256(data).hexdigest()
    (folder / TRUNK_FILE).write_bytes(data)
    card = {"sha256": digest, "side": SIDE, "feature_map": [PLACES, PLACES, FEATURES]}
    (folder / TRUNK_CARD).write_text(json.dumps({**card, **changes}))
    return digest


def write_head(folder: Path, trunk: str, head: Head | None = None, **changes: object) -> Path:
    """A model folder with a head that names the strongest colour, green being none of the others."""
    folder.mkdir(parents=True)
    head = head or Head(12 * np.eye(FEATURES, 3, dtype=np.float32), np.zeros(3, np.float32))
    data = head.bytes()
    (folder / "head.npz").write_bytes(data)
    card = {
        "name": folder.name,
        "labels": ["red", "green", "blue"],
        "none": "green",
        "input": {"height": SIDE, "width": SIDE, "resize": "squash"},
        "outputs": {"probabilities": [3], "activation_map": [PLACES, PLACES, 3]},
        "trunk": trunk,
        "files": {"head.npz": {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}},
        "unsure_below": 0.6,
    }
    (folder / "card.json").write_text(json.dumps({**card, **changes}))
    return folder
