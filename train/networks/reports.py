"""The networks of the course reports, to the parameter."""

import keras
from keras import layers

from train.networks.ends import Shape, logits, pixels
from train.networks.normalization import BatchNormalization


def cats_vs_dogs_128(shape: Shape, classes: int) -> keras.Model:
    """The first report's: three blocks of Conv, BatchNormalization, MaxPooling, Dropout; Dense 512."""
    inputs, x = pixels(shape)
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Dropout(0.25)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, logits(x, classes), name="cats_vs_dogs_128")


def cats_vs_dogs_64_one_conv(shape: Shape, classes: int) -> keras.Model:
    """One Conv 32, MaxPooling, Dense 128.."""
    inputs, x = pixels(shape)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, logits(x, classes), name="cats_vs_dogs_64_one_conv")


def cats_vs_dogs_64_strided(shape: Shape, classes: int) -> keras.Model:
    """Two Conv 32 with stride 3, where kernels of 3x3 were meant, each with MaxPooling; Dense 128.."""
    inputs, x = pixels(shape)
    for _ in range(2):
        x = layers.Conv2D(32, 3, strides=3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, logits(x, classes), name="cats_vs_dogs_64_strided")


def cifar10_276k(shape: Shape, classes: int) -> keras.Model:
    """Three pairs of convolutions, the first of each keeping the size, with MaxPooling and Dropout; Dense 512."""
    inputs, x = pixels(shape)
    for filters in (32, 64, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(512, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, logits(layers.Dropout(0.5)(x), classes), name="cifar10_276k")


def cifar10_1m3(shape: Shape, classes: int) -> keras.Model:
    """Three pairs of convolutions with BatchNormalization, MaxPooling and Dropout; Dense 512."""
    inputs, x = pixels(shape)
    x = layers.Dense(512, activation="relu")(_pairs(x))
    return keras.Model(inputs, logits(layers.Dropout(0.5)(x), classes), name="cifar10_1m3")


def cifar100_3m(shape: Shape, classes: int) -> keras.Model:
    """As `cifar10_1m3`, with Dense 1024 and Dense 512."""
    inputs, x = pixels(shape)
    x = layers.Dropout(0.5)(layers.Dense(1024, activation="relu")(_pairs(x)))
    x = layers.BatchNormalization()(layers.Dense(512, activation="relu")(x))
    return keras.Model(inputs, logits(layers.Dropout(0.5)(x), classes), name="cifar100_3m")


def _pairs(x: keras.KerasTensor) -> keras.KerasTensor:
    # The reports name no shares of Dropout; these grow as in Keras examples of that time.
    for filters, share in ((32, 0.2), (64, 0.3), (128, 0.4)):
        for _ in range(2):
            x = BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
        x = layers.Dropout(share)(layers.MaxPooling2D(2)(x))
    return layers.Flatten()(x)
