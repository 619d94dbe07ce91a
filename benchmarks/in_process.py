"""Photo bytes to probabilities, one at a time, in five ways, over the same photos and network."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import keras
import numpy as np
import onnxruntime
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

from benchmarks.network import Network
from benchmarks.photos import Sets
from classifier.classifier import Classifier, reduced
from classifier.photo import decode, fit
from classifier.settings import Settings
from train.recipe import Recipe

Floats = NDArray[np.float32]
Way = Callable[[bytes], Floats]

# The biggest change in a probability that decoding at reduced scale may cost, for each photo and in the mean.
MOST_CHANGE = 0.1
MOST_MEAN_CHANGE = 0.01

_THREADS = Settings.threads


@dataclass(frozen=True)
class Change:
    """What decoding at reduced scale changes in the probabilities of the model that is served by default."""

    photos: int
    reduced: int  # of them; the others are too small for it
    mean: float
    largest: float

    @property
    def within_bounds(self) -> bool:
        """Whether it is no more than is promised."""
        return self.largest <= MOST_CHANGE and self.mean <= MOST_MEAN_CHANGE


def measure(network: Network, sets: Sets, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of each way for each set: medians."""
    ways = _ways(network)
    return {name: _medians(ways, photos, rounds) for name, photos in sets.items()}


def change(photos: list[bytes]) -> Change:
    """The biggest change of a probability between decoding at reduced scale, as is served, and at full size."""
    classifier = Classifier(settings=Settings())
    [card] = classifier.cards
    found, smaller = [], 0
    for data in photos:
        photo = decode(data)
        smaller += decode(data, at_least=reduced(card.height, card.width), rule=card.resize).size != photo.size
        full, served = (dict(classifier.classify(given, top=len(card.labels)).predictions) for given in (photo, data))
        found.append(max(abs(served[label] - full[label]) for label in card.labels))
    return Change(len(found), smaller, float(np.mean(found)), max(found))


def _medians(ways: dict[str, Way], photos: list[bytes], rounds: int) -> dict[str, float]:
    """The ways take turns, so that what else the machine does hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for number in range(rounds):
        data = photos[number % len(photos)]
        for name in order:
            ways[name](data)  # not counted: caches, and threads of the way before that still spin
            started = perf_counter()
            ways[name](data)
            taken[name].append((perf_counter() - started) * 1000)
        order = order[1:] + order[:1]
    return {name: round(median(values), 2) for name, values in taken.items()}


def _ways(network: Network) -> dict[str, Way]:
    return {
        "ours_ms": _ours(network),
        "reports_ms": _reports(network),
        "keras_function_ms": _keras_function(network),
        "onnxruntime_ms": _onnxruntime(network),
        "floor_ms": _floor(network),
    }


def _ours(network: Network) -> Way:
    classifier = Classifier(network.recipe.name, settings=Settings(network.shelf, ()))

    def run(data: bytes) -> Floats:
        answer = dict(classifier.classify(data).predictions)
        return np.array([answer["cat"], answer["dog"]], np.float32)

    return run


def _reports(network: Network) -> Way:
    """As in the course reports, from the bytes of a file instead of the file."""
    size = (network.recipe.height, network.recipe.width)

    def run(data: bytes) -> Floats:
        image = keras.utils.load_img(io.BytesIO(data), target_size=size)
        batch = np.expand_dims(keras.utils.img_to_array(image), axis=0)
        probabilities: Floats = network.keras.predict(batch, verbose=0)["probabilities"][0]
        return probabilities

    return run


def _keras_function(network: Network) -> Way:
    shape = (1, network.recipe.height, network.recipe.width, 3)
    call = tf.function(network.keras, input_signature=[tf.TensorSpec(shape, tf.uint8)])
    return lambda data: np.asarray(call(_pixels(data, network.recipe))["probabilities"][0])


def _onnxruntime(network: Network) -> Way:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    session = onnxruntime.InferenceSession(network.onnx, options, providers=["CPUExecutionProvider"])
    [given] = session.get_inputs()
    names = [output.name for output in session.get_outputs()]

    def run(data: bytes) -> Floats:
        outputs = dict(zip(names, session.run(names, {given.name: _pixels(data, network.recipe)}), strict=True))
        probabilities: Floats = outputs["probabilities"][0]
        return probabilities

    return run


def _floor(network: Network) -> Way:
    """What no check and no care could undercut: the smallest scale of libjpeg that serves, and a bare invoke."""
    recipe = network.recipe
    interpreter = Interpreter(model_path=str(network.lite), num_threads=_THREADS)
    interpreter.allocate_tensors()
    [given] = interpreter.get_input_details()
    [wanted] = [output for output in interpreter.get_output_details() if len(output["shape"]) == 2]

    def run(data: bytes) -> Floats:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        image.draft("RGB", _cheapest(image.size, recipe))
        interpreter.set_tensor(given["index"], fit(image, recipe.height, recipe.width, recipe.resize)[None])
        interpreter.invoke()
        probabilities: Floats = interpreter.get_tensor(wanted["index"])[0]
        return probabilities

    return run


def _cheapest(size: tuple[int, int], recipe: Recipe) -> tuple[int, int]:
    """The smallest size at which a photo of that size serves the network."""
    if recipe.resize != "pad":
        return recipe.width, recipe.height
    shrunk = max(size[0] / recipe.width, size[1] / recipe.height)
    return max(1, int(size[0] / shrunk)), max(1, int(size[1] / shrunk))


def _pixels(data: bytes, recipe: Recipe) -> NDArray[np.uint8]:
    """uint8 [1, height, width, 3], decoded as the classifier does it."""
    photo = decode(data, at_least=reduced(recipe.height, recipe.width), rule=recipe.resize)
    return fit(photo, recipe.height, recipe.width, recipe.resize)[None]
