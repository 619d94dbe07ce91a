"""A tiny trunk whose features are known: eight of them, the mean red, green and blue of each place, and nought."""

import functools
import hashlib
import json
from pathlib import Path

import numpy as np

from classifier.head import Head
from classifier.trunk import TRUNK_CARD, TRUNK_FILE
from tests.classifier.lite_file import LiteFile

SIDE = 32
PLACES = 4
FEATURES = 8


@functools.cache
def tiny_trunk() -> bytes:
    """LiteRT bytes: uint8 [N, 32, 32, 3] to feature_map float32 [N, 4, 4, 8], each colour 0 to 1."""
    graph = LiteFile(SIDE)
    return graph.bytes(feature_map=graph.widened(graph.pooled(graph.pixels(1 / 255), SIDE // PLACES), FEATURES))


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
