"""The networks: functions that return a `keras.Model` from raw pixels, uint8 (N, H, W, 3), to logits.

A network of one class pair ends in a single logit, float32 (N, 1), whose sigmoid is the probability of the second
class, as in the reports; any other in one logit a class, float32 (N, C). Sigmoid and softmax are no layers here: the
loss takes logits, and the export adds temperature and probabilities (train/export.py).
"""

from collections.abc import Callable

import keras
from keras import layers, ops

from train.normalization import BatchNormalization
from train.whitening import WHITENING, NearIdentity

Shape = tuple[int, int, int]


def _pixels(shape: Shape) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    inputs = keras.Input(shape, dtype="uint8", name="image")
    return inputs, layers.Rescaling(1 / 255, dtype="float32", name="zero_to_one")(inputs)


def cats_vs_dogs_128(shape: Shape, classes: int) -> keras.Model:
    """The first report's: three blocks of Conv, BatchNormalization, MaxPooling, Dropout; Dense 512."""
    inputs, x = _pixels(shape)
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(x)
        x = layers.Dropout(0.25)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(512, activation="relu")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(inputs, _logits(x, classes), name="cats_vs_dogs_128")


def cats_vs_dogs_64_one_conv(shape: Shape, classes: int) -> keras.Model:
    """One Conv 32, MaxPooling, Dense 128.."""
    inputs, x = _pixels(shape)
    x = layers.Conv2D(32, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, _logits(x, classes), name="cats_vs_dogs_64_one_conv")


def cats_vs_dogs_64_strided(shape: Shape, classes: int) -> keras.Model:
    """Two Conv 32 with stride 3, where kernels of 3x3 were meant, each with MaxPooling; Dense 128.."""
    inputs, x = _pixels(shape)
    for _ in range(2):
        x = layers.Conv2D(32, 3, strides=3, activation="relu")(x)
        x = layers.MaxPooling2D(2)(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, _logits(x, classes), name="cats_vs_dogs_64_strided")


def cifar10_276k(shape: Shape, classes: int) -> keras.Model:
    """Three pairs of convolutions, the first of each keeping the size, with MaxPooling and Dropout; Dense 512."""
    inputs, x = _pixels(shape)
    for filters in (32, 64, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Conv2D(filters, 3, activation="relu")(x)
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.Dense(512, activation="relu")(layers.Flatten()(x))
    return keras.Model(inputs, _logits(layers.Dropout(0.5)(x), classes), name="cifar10_276k")


def cifar10_1m3(shape: Shape, classes: int) -> keras.Model:
    """Three pairs of convolutions with BatchNormalization, MaxPooling and Dropout; Dense 512."""
    inputs, x = _pixels(shape)
    x = layers.Dense(512, activation="relu")(_pairs(x))
    return keras.Model(inputs, _logits(layers.Dropout(0.5)(x), classes), name="cifar10_1m3")


def cifar100_3m(shape: Shape, classes: int) -> keras.Model:
    """As `cifar10_1m3`, with Dense 1024 and Dense 512."""
    inputs, x = _pixels(shape)
    x = layers.Dropout(0.5)(layers.Dense(1024, activation="relu")(_pairs(x)))
    x = layers.BatchNormalization()(layers.Dense(512, activation="relu")(x))
    return keras.Model(inputs, _logits(layers.Dropout(0.5)(x), classes), name="cifar100_3m")


def _pairs(x: keras.KerasTensor) -> keras.KerasTensor:
    # The reports name no shares of Dropout; these grow as in Keras examples of that time.
    for filters, share in ((32, 0.2), (64, 0.3), (128, 0.4)):
        for _ in range(2):
            x = BatchNormalization()(layers.Conv2D(filters, 3, padding="same", activation="relu")(x))
        x = layers.Dropout(share)(layers.MaxPooling2D(2)(x))
    return layers.Flatten()(x)


def cifar(shape: Shape, classes: int, features: int = 256) -> keras.Model:
    """Ours for small pictures, after airbench94 (Jordan 2024): pairs of convolutions with a pooling between the two.

    Its first layer is fixed, see train/whitening.py; the others begin near the identity, and their normalisation has
    no scale. It ends in the mean over the last maps, not their maximum, so it can show where it looked.
    """
    inputs = keras.Input(shape, dtype="uint8", name="image")
    x = layers.Rescaling(1 / 64, offset=-1.875, dtype="float32", name="about_zero")(inputs)
    x = layers.Activation("gelu")(layers.Conv2D(24, 2, use_bias=False, trainable=False, name=WHITENING)(x))
    for width, last, padding in ((64, 64, "valid"), (256, 256, "valid"), (256, features, "same")):
        x = _normalized(layers.MaxPooling2D(2, padding=padding)(_near_identity(x, width)))
        x = _normalized(_near_identity(x, last))
    return keras.Model(inputs, _logits(layers.GlobalAveragePooling2D()(x), classes), name="cifar")


def cifar_wide(shape: Shape, classes: int) -> keras.Model:
    """`cifar` with twice the features to tell many classes by, for a fifteenth more time."""
    return cifar(shape, classes, features=512)


def _near_identity(x: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    return layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer=NearIdentity())(x)


def _normalized(x: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Activation("gelu")(BatchNormalization(momentum=0.6, epsilon=1e-5, scale=False)(x))


def residual(shape: Shape, classes: int, widths: tuple[int, ...] = (32, 64, 128, 256)) -> keras.Model:
    """A small residual network (He et al. 2016) that ends in global average pooling, so it can show where it looked.

    Each width is a stage of half the size of the one before: a convolution of stride 2 and a residual block of two.
    """
    inputs, x = _pixels(shape)
    for number, width in enumerate(widths):
        x = _convolution(x, width, strides=2)
        if number:  # at half the picture's size a residual block would cost more than all the others
            x = _block(x, width)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, _logits(x, classes), name="residual")


def cats_vs_dogs(shape: Shape, classes: int) -> keras.Model:
    """Ours: a residual network whose last maps have a sixteenth of the picture's size, of 3.4 million parameters.

    Its head knows one class more, pictures of none of the others; see `Shared`.
    """
    inputs, x = _pixels(shape)
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


def trunk(network: keras.Model) -> keras.Model:
    """A network without its head: uint8 pictures to its last feature map, float32 (N, h, w, channels)."""
    maps = [layer.output for layer in network.layers if len(layer.output.shape) == 4]
    return keras.Model(network.input, maps[-1], name=f"{network.name}_trunk")


def at_size(convolutions: keras.Model, side: int) -> keras.Model:
    """The same layers and weights for pictures of side x side pixels; `convolutions` is a `trunk`."""
    images = keras.Input((side, side, 3), dtype="uint8", name="image")
    resized = keras.models.clone_model(convolutions, input_tensors=images)
    resized.set_weights(convolutions.get_weights())
    return resized


def with_head(network: keras.Model, classes: int) -> keras.Model:
    """A new network on the features of a trained one, whose own head is left behind."""
    features = trunk(network)
    # Names of their own: a loaded network brings names that Keras would give here again.
    x = layers.GlobalAveragePooling2D(name="head_pooling")(features.output)
    x = layers.Dropout(0.2, name="head_dropout")(x)
    return keras.Model(features.input, _logits(x, classes), name="with_head")


def _logits(features: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    # Outside half precision: the last step decides between close chances.
    return layers.Dense(1 if classes == 2 else classes, dtype="float32", name="logits")(features)


NETWORKS: dict[str, Callable[[Shape, int], keras.Model]] = {
    make.__name__: make
    for make in (
        cats_vs_dogs,
        cats_vs_dogs_128,
        cats_vs_dogs_64_one_conv,
        cats_vs_dogs_64_strided,
        cifar,
        cifar_wide,
        cifar10_276k,
        cifar10_1m3,
        cifar100_3m,
        residual,
    )
}
