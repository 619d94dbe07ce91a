"""MobileNetV2 (Sandler et al. 2018) trained on ImageNet, without its top, as a teacher: a file beside the pictures."""

import hashlib
from pathlib import Path

import keras

from train.data.part import Dataset
from train.errors import DataMissingError
from train.learning.teacher import Teacher

FILE = "mobilenet_v2_imagenet_no_top.keras"
SIDE = 224  # the size that it was trained for


def identity(root: Path) -> str:
    """SHA-256 of the file in the folder `root`, in hexadecimal. Raises DataMissingError where it is not there."""
    return hashlib.sha256(_file(root).read_bytes()).hexdigest()


def teach(dataset: Dataset, folder: Path, seed: int) -> Teacher:
    """The network of the file, as it is; nothing is kept in `folder`. Raises DataMissingError where there is none."""
    file = _file(dataset.root)
    inputs = keras.Input(dataset.train.images.shape[1:], dtype="uint8")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1)(keras.layers.Resizing(SIDE, SIDE)(inputs))
    return Teacher(keras.Model(inputs, keras.saving.load_model(file, safe_mode=True)(x)))


def _file(root: Path) -> Path:
    path = root / FILE
    if not path.exists():
        raise DataMissingError(
            f'the teacher is not there: {path}. Make it once: python -c "import keras; keras.applications.'
            f"MobileNetV2(include_top=False, input_shape=({SIDE}, {SIDE}, 3)).save('{path}')\""
        )
    return path
