"""The teachers that a recipe may name."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from train.data.part import Dataset
from train.learning import lite0, lite0_short, mobilenet
from train.learning.teacher import Teacher


class Teaching(NamedTuple):
    """How a teacher is come by."""

    # What decides it, besides pictures and seed. Raises DataMissingError where something is missing for it.
    identity: Callable[[Path], str]
    teach: Callable[[Dataset, Path, int], Teacher]  # from pictures, a folder to train in, a seed


TEACHERS = {
    "mobilenet_v2": Teaching(mobilenet.identity, mobilenet.teach),
    "lite0": Teaching(lite0.identity, lite0.teach),
    "lite0_short": Teaching(lite0_short.identity, lite0_short.teach),
}
