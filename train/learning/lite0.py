"""EfficientNet-Lite0 with ImageNet weights (Tan & Le 2019) as a teacher of small pictures.

They are enlarged to SIDE, and it is trained on to name their classes, all but its first blocks.
"""

import json
from collections.abc import Callable
from pathlib import Path

import keras
from keras import layers, ops

from train.data.part import Dataset
from train.learning.loop import learn
from train.learning.teacher import Teacher
from train.networks.ends import Shape
from train.schedule import Augmentation, Schedule
from train.trunk.lite0 import SHA256, network, start_weights

SIDE = 112  # px: a last map of 4 x 4 places
FROZEN_BLOCKS = 3  # the first: edges and colours, and most of the multiplications
SCHEDULE = Schedule(
    optimizer="adam",
    learning_rate=3e-4,
    batch=64,
    epochs=3,
    one_cycle=True,
    average=0.998,
    augmentation=Augmentation(flip=True, shift=4 / 32),
)


def identity(root: Path) -> str:
    """What decides the teacher, besides pictures and seed. Raises DataMissingError without the ImageNet weights."""
    start_weights()
    return json.dumps([SHA256, SIDE, FROZEN_BLOCKS, "mirrored too", SCHEDULE.described()])


def teach(dataset: Dataset, folder: Path, seed: int) -> Teacher:
    """The teacher, trained in `folder` on the pictures of `dataset`, or taken from there where it was before.

    It looks at each picture and at its mirror image.

    Raises:
        DataMissingError: the ImageNet weights are not installed.
    """
    trained = taught(answering, SCHEDULE, dataset, folder, seed)
    inputs, enlarged = enlarge(dataset.train.images.shape[1:], SIDE)
    _, places = trained.get_layer("trunk")(enlarged)
    return Teacher(mirrored_too(keras.Model(inputs, places)), tuple(trained.get_layer("logits").get_weights()))


def answering(shape: Shape, classes: int) -> keras.Model:
    """Pictures uint8 (N, H, W, 3) to logits float32 (N, classes), by way of Lite0 at SIDE."""
    trunk = begun(SIDE)
    inputs, enlarged = enlarge(shape, SIDE)
    features, _ = trunk(enlarged)
    return keras.Model(inputs, layers.Dense(classes, name="logits")(features))


def begun(side: int) -> keras.Model:
    """Lite0 with ImageNet weights, the first blocks of which stay as they are in training."""
    trunk = network(start_weights(), side)
    frozen = ("conv_stem", *(f"blocks_{number}_" for number in range(FROZEN_BLOCKS)))
    for layer in trunk.layers:
        layer.trainable = not layer.name.startswith(frozen)
    return trunk


def enlarge(shape: Shape, side: int) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Pictures uint8 (N, H, W, 3), and the same as float32 (N, side, side, 3)."""
    inputs = keras.Input(shape, dtype="uint8", name="image")
    return inputs, layers.Resizing(side, side)(ops.cast(inputs, "float32"))


def taught(
    make: Callable[[Shape, int], keras.Model], schedule: Schedule, dataset: Dataset, folder: Path, seed: int
) -> keras.Model:
    """What `make` makes for the pictures and classes of `dataset`, trained in `folder`, or taken from there."""
    finished = folder / "network.keras"
    if finished.exists():
        return keras.saving.load_model(finished, safe_mode=True)
    keras.utils.set_random_seed(seed)
    start = make(dataset.train.images.shape[1:], len(dataset.labels))
    return learn(start, schedule, dataset.train, dataset.validation, folder, seed)


def mirrored_too(looking: keras.Model) -> keras.Model:
    """Pictures to the mean of their map and that of their mirror image, turned back."""
    pictures = looking.input
    mirrored = ops.flip(looking(ops.flip(pictures, axis=2)), axis=2)
    return keras.Model(pictures, (looking(pictures) + mirrored) / 2)
