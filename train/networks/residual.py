"""Residual networks for photos (He et al. 2016), and the layer that shares out the chance of none."""

import keras
from keras import layers, ops

from train.networks.ends import Shape, logits, pixels
from train.networks.normalization import BatchNormalization


def residual(shape: Shape, classes: int, widths: tuple[int, ...] = (32, 64, 128, 256)) -> keras.Model:
    """A small residual network (He et al. 2016) that ends in global average pooling, so it can show where it looked.

    Each width is a stage of half the size of the one before: a convolution of stride 2 and a residual block of two.
    """
    inputs, x = pixels(shape)
    for number, width in enumerate(widths):
        x = _convolution(x, width, strides=2)
        if number:  # at half the picture's size a residual block would cost more than all the others
            x = _block(x, width)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, logits(x, classes), name="residual")


def cats_vs_dogs(shape: Shape, classes: int) -> keras.Model:
    """Ours: a residual network whose last maps have a sixteenth of the picture's size, of 3.4 million parameters.

    Its head knows one class more, pictures of none of the others; see `Shared`.
    """
    inputs, x = pixels(shape)
    x = _convolution(x, 32, strides=2)
    for width, blocks in ((64, 1), (128, 2), (256, 2)):
        x = _convolution(x, width, strides=2)
        for _ in range(blocks):
            x = _block(x, width)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    x = layers.Dense(classes + 1, dtype="float32", name="logits")(x)
    return keras.Model(inputs, Shared(dtype="float32", name="shared")(x), name="cats_vs_dogs")


@keras.saving.register_keras_serializable("train")
class Shared(layers.Layer):  # type: ignore[misc]  # keras has no types
    """Logits (N, C + 1), the last for "none of these", to log-probabilities (N, C): none's chance in equal shares.

    So a picture of none of the classes is answered with the least confidence there is, 1 / C.
    """

    def call(self, logits: keras.KerasTensor) -> keras.KerasTensor:
        chances = ops.softmax(logits)
        classes = logits.shape[-1] - 1
        # Far below what float32 tells from 0 a logarithm would be minus infinity.
        return ops.log(ops.maximum(chances[:, :-1] + chances[:, -1:] / classes, 1e-7))

    def compute_output_shape(self, shape: tuple[int | None, int]) -> tuple[int | None, int]:
        return (shape[0], shape[1] - 1)


def _block(x: keras.KerasTensor, width: int) -> keras.KerasTensor:
    inner = _convolution(x, width)
    return layers.ReLU()(layers.Add()([x, _convolution(inner, width, activate=False)]))


def _convolution(x: keras.KerasTensor, filters: int, strides: int = 1, activate: bool = True) -> keras.KerasTensor:
    x = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    x = BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x) if activate else x
