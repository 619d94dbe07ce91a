"""A model is a folder with a card.json that describes it and its files.

Either `model.tflite`, a whole network, or `head.npz`, a head on the features of the trunk that the card names.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from classifier.errors import ModelError
from classifier.fit import ResizeRule

CARD_FILE = "card.json"
MODEL_FILE = "model.tflite"
HEAD_FILE = "head.npz"
# What a model's folder may hold of networks; the last two are those that training keeps.
MODEL_FILES = (MODEL_FILE, HEAD_FILE, "model.keras", "trunk.keras")
PICTURES = ("curves", "confusion")


@dataclass(frozen=True)
class Card:
    """What serving needs to know of a model. The card.json itself holds more: data, training, metrics."""

    folder: Path
    name: str
    title: str
    labels: tuple[str, ...]
    height: int
    width: int
    resize: ResizeRule
    activation_map: tuple[int, int, int] | None  # height, width, classes
    none: str | None  # the label that says: none of the others
    unsure_below: float  # a confidence, 0 to 1
    photo_temperature: float  # of photos, beyond that of the model's own pictures: see classifier/sureness.py
    accuracy: dict[str, float] | None  # on the test set: value, low, high (95 %), n
    digests: dict[str, str]  # file name -> SHA-256
    trunk: str | None  # SHA-256 of the trunk that the head stands on; None where the model is a whole network
    over: str | None  # SHA-256 of the shipped head in whose place this one answers; None for a model of its own
    off: bool  # and whether the shipped one answers all the same
    story: dict[str, Any]  # what a person may want to know besides, as plain data

    def check_digests(self) -> None:
        """Raise ModelError unless each file of the folder is the one that the card describes."""
        for name in self.digests:
            self.read(name)

    def read(self, name: str) -> bytes:
        """One of the files. Raises ModelError unless it is the one that the card describes."""
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise ModelError(f"Model {self.name}: cannot read {name}: {error.strerror}.") from error
        if hashlib.sha256(data).hexdigest() != self.digests[name]:
            raise ModelError(f"Model {self.name}: {name} is not the file its card describes (SHA-256 differs).")
        return data

    def summary(self) -> dict[str, Any]:
        """What a caller may know of the model, as plain data."""
        return {
            "name": self.name,
            "title": self.title,
            "labels": list(self.labels),
            "accuracy": self.accuracy,
            "input": {"height": self.height, "width": self.width, "resize": self.resize},
            "heatmap": self.activation_map is not None,
            "head": self.trunk is not None,
            "none": self.none,
            "unsure_below": self.unsure_below,
        }

    def pictures(self) -> dict[str, bytes | None]:
        """The diagrams of its training by name, as PNG; None where the folder has no such picture."""
        found: dict[str, bytes | None] = {}
        for name in PICTURES:
            file = self.folder / f"{name}.png"
            found[name] = file.read_bytes() if file.is_file() else None
        return found


def read_card(folder: Path, name: str | None = None) -> Card:
    """Read and check the card of the model `name`, by default that of its folder. Raises ModelError."""
    name = folder.name if name is None else name
    try:
        fields = json.loads((folder / CARD_FILE).read_bytes())
        return _card(folder, name, fields)
    except KeyError as error:
        raise ModelError(f"Model {name}: its card lacks {error}.") from error
    except OSError as error:
        raise ModelError(f"Model {name}: its card cannot be read: {error.strerror}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelError(f"Model {name}: its card cannot be used: {error}.") from error


def write_card(folder: Path, fields: dict[str, Any]) -> None:
    """Write card.json, with the digests of the model's files that lie in the folder."""
    files = {name: (folder / name).read_bytes() for name in MODEL_FILES if (folder / name).is_file()}
    digests = {name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()}
    text = json.dumps(fields | {"files": digests}, indent=2, ensure_ascii=False)
    beside = folder / f"{CARD_FILE}.new"
    beside.write_text(f"{text}\n", encoding="utf-8")
    beside.replace(folder / CARD_FILE)


def _card(folder: Path, name: str, fields: dict[str, Any]) -> Card:
    if unicodedata.normalize("NFC", fields["name"]) != name:
        raise ValueError(f"name is {fields['name']!r} and not that of its folder")
    labels = _labels(fields)
    height, width, resize = _input(fields["input"])
    activation_map = fields["outputs"].get("activation_map")
    trunk = fields.get("trunk")
    unsure_below = float(fields["unsure_below"])
    if not 0 <= unsure_below <= 1:
        raise ValueError("unsure_below must be from 0 to 1")
    photo_temperature = float(fields.get("of_photos", {}).get("temperature", 1))
    if not photo_temperature > 0:
        raise ValueError("of_photos: temperature must be more than 0")
    return Card(
        folder=folder,
        name=name,
        title=str(fields.get("title") or name),
        labels=labels,
        height=height,
        width=width,
        resize=resize,
        activation_map=tuple(activation_map) if activation_map else None,
        none=_none(fields.get("none"), labels),
        unsure_below=unsure_below,
        photo_temperature=photo_temperature,
        accuracy=_accuracy(fields.get("metrics", {}).get("accuracy")),
        digests=_digests(fields["files"], HEAD_FILE if trunk else MODEL_FILE),
        trunk=None if trunk is None else str(trunk),
        over=fields.get("over"),
        off=bool(fields.get("off")),
        story=_story(fields),
    )


def _labels(fields: dict[str, Any]) -> tuple[str, ...]:
    labels = tuple(str(label) for label in fields["labels"])
    if len(labels) < 2 or len(set(labels)) != len(labels):
        raise ValueError("labels must be two or more, all different")
    if fields["outputs"]["probabilities"] != [len(labels)]:
        raise ValueError("outputs: probabilities must be as many as the labels")
    return labels


def _none(given: str | None, labels: tuple[str, ...]) -> str | None:
    if given is not None and given not in labels:
        raise ValueError(f"none is {given!r} and not one of the labels")
    return given


def _input(fields: dict[str, Any]) -> tuple[int, int, ResizeRule]:
    resize: ResizeRule = fields["resize"]
    if resize not in get_args(ResizeRule):
        raise ValueError(f"input: resize {resize!r} is not one of {get_args(ResizeRule)}")
    height, width = int(fields["height"]), int(fields["width"])
    if height < 1 or width < 1:
        raise ValueError("input: height and width must be 1 or more")
    return height, width, resize


def _accuracy(fields: dict[str, Any] | None) -> dict[str, float] | None:
    if fields is None:
        return None
    return {key: float(fields[key]) for key in ("value", "low", "high")} | {"n": int(fields["n"])}


def _digests(fields: dict[str, Any], needed: str) -> dict[str, str]:
    digests = {name: str(entry["sha256"]) for name, entry in fields.items()}
    if needed not in digests or any(Path(name).name != name for name in digests):
        raise ValueError(f"files must name {needed}, and bare names only")
    return digests


def _story(fields: dict[str, Any]) -> dict[str, Any]:
    """What the card tells of data, size, date and mistakes; commands, commits and hardware stay here."""
    data = fields.get("data") or {}
    return {
        "data": {key: data.get(key) for key in ("set", "train", "validation", "test")},
        "parameters": fields.get("parameters"),
        "date": (fields.get("trained") or {}).get("date"),
        "notes": [str(note) for note in fields.get("notes") or []],
        "mixed_up": list(fields.get("mixed_up") or []),
        "corrections": int(fields.get("corrections", 0)),
    }
