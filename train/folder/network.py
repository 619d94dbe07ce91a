"""Stem, the tail as it came, the trained tail and the head as one LiteRT file: raw pixels to probabilities and map."""

import logging
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from classifier.head import Head
from teach.graph import Graph
from train import export
from train.errors import ExportError
from train.folder.mixture import Mixture

log = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

# How far the file's probabilities may be from the Keras network's, in the mean over photos and labels.
_MOST_GAP = 0.05


@dataclass(frozen=True)
class Network:
    """What is served."""

    stem: keras.Model  # float pictures to maps at the cut
    plain: keras.Model  # the tail as it came: maps to features and feature map
    tuned: keras.Model  # the trained one, likewise
    head: Head  # on the features of the plain one; the last class is none of these
    layer: Head  # on those of the tuned one
    mixture: Mixture

    def chances(self, pictures: Pixels) -> Floats:
        """Probabilities float32 [N, classes] of uint8 [N, side, side, 3], in single precision."""
        maps = self.stem.predict_on_batch(pictures.astype(np.float32))
        plain, tuned = (tail.predict_on_batch(maps)[0] for tail in (self.plain, self.tuned))
        of_head, of_tail = (one @ by.kernel + by.bias for one, by in ((plain, self.head), (tuned, self.layer)))
        return self.mixture.chances(of_head, of_tail)

    def file(self, typical: Pixels, compared: Pixels) -> bytes:
        """As LiteRT bytes; convolutions compute in eight bits, with ranges from the `typical` pictures.

        Raises ExportError where the file does not answer the `compared` pictures as the network does.
        """
        data = self._completed(export.convert(self._maps(), quantise=True, typical=typical))
        if len(data) > export.MAX_BYTES:
            raise ExportError(f"the file has {len(data):,} bytes, over the limit of {export.MAX_BYTES:,}")
        gap = float(np.abs(export.answers(data, compared) - self.chances(compared)).mean())
        log.info("the file: %s bytes, %.4f from the network in the mean", f"{len(data):,}", gap)
        if not gap <= _MOST_GAP:
            raise ExportError(f"the file in eight bits differs from the network by {gap:.3f}; {_MOST_GAP} is allowed")
        return data

    def _maps(self) -> keras.Model:
        pictures = keras.Input(self.stem.input.shape[1:], dtype="uint8", name="image")
        at_cut = self.stem(ops.cast(pictures, "float32"))
        found = {
            name: layers.Identity(name=name)(keras.Model(tail.input, tail.outputs[1], name=f"{name}_tail")(at_cut))
            for name, tail in (("plain", self.plain), ("tuned", self.tuned))
        }
        return keras.Model(pictures, found)

    def _completed(self, data: bytes) -> bytes:
        """What follows the maps stays in 32-bit floats, where eight bits would round the probabilities."""
        graph, classes = Graph(data), len(self.layer.bias)
        height, width, count = self.plain.outputs[1].shape[1:]
        plain, tuned = (graph.outputs()[name] for name in ("plain", "tuned"))
        features = [graph.mean(each, count) for each in (plain, tuned)]
        of_head = graph.dense("head", features[0], self.head.kernel, self.head.bias)
        said = graph.softmax("said", of_head, classes + 1)
        both = graph.concatenate("both", features, [1, 2 * count])
        kernel, bias = self._mixed()
        own = graph.softmax("own", graph.dense("mixed", both, kernel, bias), classes)
        none = np.eye(classes + 1, dtype=np.float32)[:, -1:]
        no_bias = np.zeros(1, np.float32)
        is_some, is_none = graph.dense("some", said, 1 - none, no_bias), graph.dense("none", said, none, no_bias)
        shared = graph.operator("MUL", [own, is_some], graph.tensor("shared", [1, classes]), "MulOptions")
        chances = graph.concatenate("probabilities", [shared, is_none], [1, classes + 1])
        maps = graph.concatenate("maps", [plain, tuned], [1, height, width, 2 * count])
        evidence = np.zeros((2 * count, classes + 1), np.float32)
        evidence[:, :-1], evidence[:count, -1] = kernel, self.head.kernel[:, -1]
        places = graph.each_place("activation_map", maps, evidence, (height, width))
        return graph.bytes(probabilities=chances, activation_map=places)

    def _mixed(self) -> tuple[Floats, Floats]:
        """One layer on both features, float32 [2 * features, classes], and its bias."""
        head, tail = self.mixture
        kernel = np.concatenate([head * self.head.kernel[:, :-1], tail * self.layer.kernel])
        return kernel.astype(np.float32), (head * self.head.bias[:-1] + tail * self.layer.bias).astype(np.float32)
