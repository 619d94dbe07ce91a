"""Step 4, export: the network as one LiteRT file from raw pixels to probabilities, that answers as the network does."""

import logging
import tempfile
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from keras import layers, ops
from numpy.typing import NDArray

from train import metrics
from train.data.part import Dataset, Part
from train.errors import ExportError
from train.looks import looks
from train.recipe import Looks, Run

log = logging.getLogger(__name__)

# A committed file may not be larger, so neither may a model.
MAX_BYTES = 16 * 1024 * 1024
# How far a probability of the exported file may lie from the Keras model's: float kernels differ in rounding,
# eight-bit weights by a few hundredths on the least certain pictures.
TOLERANCE = {"float32": 1e-3, "dynamic int8": 0.15}


# The eight-bit file is taken only when it costs less than this share of the validation answers.
QUANTISATION_COST = 0.002
# Of the median variance of its layer: below that a unit says the same of every picture.
_SILENT = 1e-6


@dataclass(frozen=True)
class Exported:
    """The file that is served, and what it was made from."""

    data: bytes  # LiteRT
    kind: str  # of its weights: a key of TOLERANCE
    serving: keras.Model  # uint8 (N, H, W, 3) to {"probabilities", "activation_map"}, in single precision
    temperature: float
    validation: metrics.Floats  # the file's probabilities on the validation pictures, (N, C)


def export(run: Run, network: keras.Model, temperature: float, dataset: Dataset) -> Exported:
    """The eight-bit file where it answers as well on the validation pictures, else the one in single precision.

    Raises:
        ExportError: the file does not answer as the network does, or is too large.
    """
    still_silent_units(network)
    serving = serving_model(network, temperature, run.recipe.looks)
    validation = dataset.validation
    pictures = agreeing_pictures(validation)
    expected = serving.predict(validation.images, batch_size=256, verbose=0)["probabilities"]
    small = convert(serving, quantise=True)
    chances = answers(small, validation.images)
    cost = metrics.accuracy(expected, validation.labels) - metrics.accuracy(chances, validation.labels)
    log.info("eight-bit weights cost %.2f points on %d validation pictures", 100 * cost, len(validation))
    if cost < QUANTISATION_COST:
        try:
            check(small, serving, pictures, "dynamic int8")
            return Exported(small, "dynamic int8", serving, temperature, chances)
        except ExportError as error:
            log.info("%s: taking 32-bit weights", error)
    large = convert(serving, quantise=False)
    check(large, serving, pictures, "float32")
    return Exported(large, "float32", serving, temperature, answers(large, validation.images))


def still_silent_units(network: keras.Model) -> None:
    """Set the scale of units that never change to zero, in place; the answers stay as they are.

    BatchNormalization divides them by next to nothing. The converter multiplies that number, thousands of times those
    of the others, into the weights behind it, and eight bits then have nothing left for the others: a network with
    seven such units answered the same label for every picture.
    """
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization) and layer.scale:
            variance = layer.moving_variance
            layer.gamma.assign(ops.where(variance < _SILENT * ops.median(variance), 0.0, layer.gamma))


def serving_model(network: keras.Model, temperature: float, count: Looks = 1) -> keras.Model:
    """uint8 (N, H, W, 3) to {"probabilities": float32 (N, C)}: temperature and softmax become layers.

    A network that ends in global average pooling also gives "activation_map", float32 (N, h, w, C): the evidence for
    each class at each place, whose mean is the logit without its bias (Zhou 2016). Both are the mean over
    `count` looks at a picture.
    """
    images = keras.Input(network.input.shape[1:], dtype="uint8", name="image")
    look = keras.Model(network.input, [network.output, *_evidence(network, temperature)])
    seen = [(look(shown), mirrored) for shown, mirrored in looks(images, count)]
    logits = _mean([found[0] for found, _ in seen])
    outputs = {"probabilities": _chances(layers.Rescaling(1 / temperature, name="temperature")(logits))}
    if len(look.outputs) > 1:
        maps = [ops.flip(found[1], axis=2) if mirrored else found[1] for found, mirrored in seen]
        outputs["activation_map"] = layers.Identity(name="activation_map")(_mean(maps))
    return keras.Model(images, outputs, name=network.name)


def _mean(found: list[keras.KerasTensor]) -> keras.KerasTensor:
    return layers.Average()(found) if len(found) > 1 else found[0]


def _evidence(network: keras.Model, temperature: float) -> list[keras.KerasTensor]:
    """The activation map of a network that ends in global average pooling, in a list; none of any other."""
    pooling = [layer for layer in network.layers if isinstance(layer, layers.GlobalAveragePooling2D)]
    if not pooling:
        return []
    kernel = np.asarray(network.get_layer("logits").kernel) / temperature
    if kernel.shape[1] == 1:  # one logit speaks for the second class and so against the first
        kernel = np.concatenate([-kernel, kernel], axis=1)
    classes = max(2, network.output.shape[-1])
    if kernel.shape[1] > classes:  # the last speaks for none of the classes and so against each
        kernel = kernel[:, :-1] - kernel[:, -1:]
    at_each_place = layers.Conv2D(classes, 1, use_bias=False, name="evidence")
    found = at_each_place(pooling[0].input)
    at_each_place.set_weights([kernel[None, None]])
    return [found]


def _chances(logits: keras.KerasTensor) -> keras.KerasTensor:
    if logits.shape[-1] > 1:
        return layers.Softmax(name="probabilities")(logits)
    chance = layers.Activation("sigmoid")(logits)
    return layers.Concatenate(name="probabilities")([layers.Rescaling(-1.0, offset=1.0)(chance), chance])


def convert(model: keras.Model, quantise: bool, typical: NDArray[np.uint8] | None = None) -> bytes:
    """LiteRT bytes of a model of uint8 pictures; `quantise` stores the weights in eight bits (dynamic range).

    With `typical` pictures uint8 [M, H, W, 3], which set the ranges of the activations, every layer computes in those.
    """
    archive = keras.export.ExportArchive()
    archive.track(model)
    shape = (None, *model.input.shape[1:])
    archive.add_endpoint("serving_default", model.call, [tf.TensorSpec(shape, tf.uint8, name="image")])
    with tempfile.TemporaryDirectory() as folder:
        archive.write_out(folder, verbose=False)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.optimizations = [tf.lite.Optimize.DEFAULT] if quantise else []
        if typical is not None:
            converter.representative_dataset = lambda: ([picture[None]] for picture in typical)
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        data: bytes = converter.convert()
    return data


def answers(data: bytes, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities float32 (N, C) that the file gives for uint8 (N, H, W, 3), one picture a call as in serving."""
    runner = Interpreter(model_content=data, num_threads=1).get_signature_runner()
    return np.concatenate([runner(image=image[None])["probabilities"] for image in images])


def check(data: bytes, model: keras.Model, images: NDArray[np.uint8], kind: str) -> None:
    """Raise ExportError unless the file agrees with the Keras model on these real pictures."""
    if len(data) > MAX_BYTES:
        raise ExportError(f"the {kind} file has {len(data):,} bytes, over the limit of {MAX_BYTES:,}")
    ours, keras_says = answers(data, images), np.asarray(model(images)["probabilities"])
    if not np.isfinite(ours).all():
        raise ExportError(f"the {kind} file answers with numbers that are not finite")
    gap = float(np.abs(ours - keras_says).max())
    if gap > TOLERANCE[kind]:
        raise ExportError(f"the {kind} file differs from the Keras model by {gap:.3f} in a probability")
    log.info("%s file: %s bytes, at most %.4f from the Keras model", kind, f"{len(data):,}", gap)


def agreeing_pictures(part: Part, count: int = 64) -> NDArray[np.uint8]:
    """Pictures spread over a part, for `check`."""
    return part[np.linspace(0, len(part) - 1, min(count, len(part))).astype(int)].images
