"""EfficientNet-Lite0 with ImageNet weights (Tan & Le 2019) as a teacher of small pictures.

They are enlarged to SIDE, and it is trained on to name their classes, all but its first blocks.
"""

import json
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
    finished = folder / "network.keras"
    if finished.exists():
        trained = keras.saving.load_model(finished, safe_mode=True)
    else:
        keras.utils.set_random_seed(seed)
        start = answering(dataset.train.images.shape[1:], len(dataset.labels))
        trained = learn(start, SCHEDULE, dataset.train, dataset.validation, folder, seed)
    inputs, enlarged = _enlarged(dataset.train.images.shape[1:])
    trunk = trained.get_layer("trunk")
    _, places = trunk(enlarged)
    _, mirrored = trunk(ops.flip(enlarged, axis=2))
    both = (places + ops.flip(mirrored, axis=2)) / 2
    return Teacher(keras.Model(inputs, both), tuple(trained.get_layer("logits").get_weights()))


def answering(shape: Shape, classes: int) -> keras.Model:
    """Pictures uint8 (N, H, W, 3) to logits float32 (N, classes), by way of Lite0 at SIDE."""
    trunk = network(start_weights(), SIDE)
    frozen = ("conv_stem", *(f"blocks_{number}_" for number in range(FROZEN_BLOCKS)))
    for layer in trunk.layers:
        layer.trainable = not layer.name.startswith(frozen)
    inputs, enlarged = _enlarged(shape)
    features, _ = trunk(enlarged)
    return keras.Model(inputs, layers.Dense(classes, name="logits")(features))


def _enlarged(shape: Shape) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    inputs = keras.Input(shape, dtype="uint8", name="image")
    return inputs, layers.Resizing(SIDE, SIDE)(ops.cast(inputs, "float32"))
