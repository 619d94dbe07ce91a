"""EfficientNet-Lite0 without its last block as a second teacher, which learned from mixed pictures.

It is nearly as often right as the whole network (.776 and .784 of CIFAR-100's validation pictures) but errs on others,
so their mean is right more often than either (.804).
"""

import json
from pathlib import Path

import keras
from keras import layers

from train.data.part import Dataset
from train.learning import lite0
from train.learning.teacher import Teacher
from train.networks.ends import Shape
from train.schedule import Augmentation, Schedule
from train.trunk.lite0 import SHA256, start_weights

SIDE = 128  # px: a last map of 4 x 4 places
FEATURES = 640
_BLOCKS = 15  # of sixteen
SCHEDULE = Schedule(
    optimizer="adam",
    learning_rate=4e-4,
    batch=64,
    epochs=8,
    one_cycle=True,
    label_smoothing=0.1,
    average=0.998,
    cutmix=0.7,
    augmentation=Augmentation(flip=True, shift=4 / 32, erase=0.25),
)


def identity(root: Path) -> str:
    """What decides the teacher, besides pictures and seed. Raises DataMissingError without the ImageNet weights."""
    start_weights()
    return json.dumps([SHA256, SIDE, FEATURES, _BLOCKS, lite0.FROZEN_BLOCKS, SCHEDULE.described()])


def teach(dataset: Dataset, folder: Path, seed: int) -> Teacher:
    """The teacher, trained in `folder` on the pictures of `dataset`, or taken from there where it was before.

    It looks at each picture and at its mirror image.

    Raises:
        DataMissingError: the ImageNet weights are not installed.
    """
    trained = lite0.taught(answering, SCHEDULE, dataset, folder, seed)
    [pooling] = [layer for layer in trained.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
    looking = lite0.mirrored_too(keras.Model(trained.input, pooling.input))
    return Teacher(looking, tuple(trained.get_layer("logits").get_weights()))


def answering(shape: Shape, classes: int) -> keras.Model:
    """Pictures uint8 (N, H, W, 3) to logits float32 (N, classes), by way of Lite0's first blocks at SIDE."""
    whole = lite0.begun(SIDE)
    trunk = keras.Model(whole.input, whole.get_layer(f"blocks_{_BLOCKS}_expand_conv").input, name="trunk")
    inputs, enlarged = lite0.enlarge(shape, SIDE)
    x = layers.ReLU(6.0)(layers.Conv2D(FEATURES, 1, name="features")(trunk(enlarged)))
    return keras.Model(inputs, layers.Dense(classes, name="logits")(layers.GlobalAveragePooling2D()(x)))
