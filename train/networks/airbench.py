"""Ours for small pictures, after airbench94 (Jordan 2024)."""

import keras
from keras import layers

from train.networks.ends import Shape, logits
from train.networks.normalization import BatchNormalization
from train.networks.whitening import WHITENING, NearIdentity


def cifar(shape: Shape, classes: int, features: int = 256) -> keras.Model:
    """After airbench94: pairs of convolutions with a pooling between the two.

    Its first layer is fixed, see whitening.py; the others begin near the identity, and their normalisation has
    no scale. It ends in the mean over the last maps, not their maximum, so it can show where it looked.
    """
    inputs = keras.Input(shape, dtype="uint8", name="image")
    x = layers.Rescaling(1 / 64, offset=-1.875, dtype="float32", name="about_zero")(inputs)
    x = layers.Activation("gelu")(layers.Conv2D(24, 2, use_bias=False, trainable=False, name=WHITENING)(x))
    for width, last, padding in ((64, 64, "valid"), (256, 256, "valid"), (256, features, "same")):
        x = _normalized(layers.MaxPooling2D(2, padding=padding)(_near_identity(x, width)))
        x = _normalized(_near_identity(x, last))
    return keras.Model(inputs, logits(layers.GlobalAveragePooling2D()(x), classes), name="cifar")


def cifar_wide(shape: Shape, classes: int) -> keras.Model:
    """`cifar` with twice the features to tell many classes by, for a fifteenth more time."""
    return cifar(shape, classes, features=512)


def _near_identity(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    return layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer=NearIdentity())(x)


def _normalized(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Activation("gelu")(BatchNormalization(momentum=0.6, epsilon=1e-5, scale=False)(x))
