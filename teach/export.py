"""python -m teach export NAME: a taught model as one LiteRT file that runs anywhere, with labels and a program."""

import argparse
import json
import os
import sys
import zipfile
from pathlib import Path

from classifier.card import Card
from classifier.errors import BadRequestError, ModelError
from classifier.head import Head
from classifier.settings import Settings
from classifier.shelf import read_shelves
from classifier.trunk import FOLDER, TRUNK_CARD, TRUNK_FILE
from teach.graph import Graph

DESCRIPTION = "Write a taught model as a zip: one LiteRT file, its labels, and a program of twenty lines that asks it."
EPILOG = """\
examples:
  python -m teach export flowers                 flowers.zip
  python -m teach export flowers --to /tmp/f.zip

The file runs wherever LiteRT does: phones, boards, the web. In the zip, ask.py shows how, from Python.
"""
PROGRAM = '''\
"""python ask.py PHOTO: what the model says of a photo. Needs: pip install ai-edge-litert numpy pillow"""

import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image, ImageOps

HERE = Path(__file__).parent
labels = (HERE / "labels.txt").read_text(encoding="utf-8").splitlines()
ask = Interpreter(model_path=str(HERE / "model.tflite")).get_signature_runner("serving_default")
_, height, width, _ = ask.get_input_details()["image"]["shape"]

photo = ImageOps.exif_transpose(Image.open(sys.argv[1])).convert("RGB")
pixels = np.asarray(photo.resize((width, height), Image.Resampling.BILINEAR))
[chances] = ask(image=pixels[None])["probabilities"]
for row in chances.argsort()[::-1][:3]:
    print(f"{labels[row]}  {chances[row]:.1%}")
'''


def main(argv: list[str]) -> int:
    """Run the command; returns the exit status. Raises the errors of this project."""
    parser = argparse.ArgumentParser(
        prog="python -m teach export",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="a model that was taught")
    parser.add_argument("--to", metavar="FILE", type=Path, help="where to write it (default: NAME.zip, here)")
    arguments = parser.parse_args(argv)
    settings = Settings.load()
    card = read_shelves(settings.models_dir, settings.shipped_models).card(arguments.name)
    file = arguments.to or Path(f"{arguments.name}.zip")
    export(card, file)
    print(f"{file}: model.tflite, labels.txt, ask.py. Unpack it, then: python ask.py PHOTO", file=sys.stdout)
    return 0


def export(card: Card, file: Path) -> None:
    """Write the model of `card` as a zip. Raises BadRequestError, ModelError."""
    if card.trunk is None:
        raise BadRequestError(f"Model {card.name} is a network of its own: its model.tflite is that one file already.")
    if file.exists():
        raise BadRequestError(f"{str(file)!r} is there already. Remove it, or choose another name with --to.")
    if (trunk := json.loads((FOLDER / TRUNK_CARD).read_bytes())["sha256"]) != card.trunk:
        raise ModelError(f"Model {card.name} was taught on another trunk than {trunk[:8]}. Teach it again.")
    network = whole((FOLDER / TRUNK_FILE).read_bytes(), Head.read(card))
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with zipfile.ZipFile(beside, "x", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("model.tflite", network)
            archive.writestr("labels.txt", "\n".join(card.labels) + "\n")
            archive.writestr("ask.py", PROGRAM)
        beside.replace(file)
    except OSError as error:
        raise BadRequestError(f"{str(file)!r} cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)


def whole(trunk: bytes, head: Head) -> bytes:
    """Trunk and head as one LiteRT file: the mean of the feature map, the layer and the softmax are added to its graph.

    The signature serving_default then takes image, uint8 [1, side, side, 3], and gives probabilities, float32
    [1, classes].
    """
    graph, (count, classes) = Graph(trunk), head.kernel.shape
    [feature_map] = graph.outputs().values()
    logits = graph.dense("logits", graph.mean(feature_map, count), head.kernel, head.bias)
    return graph.bytes(probabilities=graph.softmax("probabilities", logits, classes))
