"""A network that is cut as the trunk is, and small; photos that are only numbers."""

import keras
import numpy as np
from keras import layers

from classifier.trunk import TrunkCard
from teach.embedding import Embedding
from teach.examples import Example, Examples
from train.folder.photos import Photos
from train.folder.tail import CUT, Maps

TRUNK = TrunkCard("ab" * 32, 192, (6, 6, 1280))


def network(side: int = 192, features: int = 1280) -> keras.Model:
    """Pictures [N, side, side, 3] to features and feature map; the stem sees colours, coarsely."""
    keras.utils.set_random_seed(0)
    pictures = keras.Input((side, side, 3))
    coarse = layers.AveragePooling2D(side // 12)(layers.Rescaling(1 / 255)(pictures))
    at_cut = layers.Conv2D(8, 1, activation="relu", name=CUT)(coarse)
    maps = layers.Conv2D(features, 2, 2, activation="relu", name="last")(at_cut)
    return keras.Model(pictures, [layers.GlobalAveragePooling2D(name="features")(maps), maps], name="trunk")


def maps(truth: np.ndarray, views: int = 2, noise: float = 0.3) -> Maps:
    """What a stem might make of photos of these labels: each is another channel's."""
    rng = np.random.default_rng(0)
    found = np.abs(rng.normal(0, noise, (len(truth), views, 12, 12, 8)))
    found[np.arange(len(truth)), :, 3:9, 3:9, truth] += 1
    return found.astype(np.float16)


def photos(counts: dict[str, int], parts: tuple[str, ...] = ("",)) -> Photos:
    """So many photos of each label, in turn in each of the parts."""
    rng = np.random.default_rng(0)
    given = []
    for label, count in counts.items():
        for row in range(count):
            embedding = Embedding(rng.normal(size=4).astype(np.float16), rng.bytes(32))
            given.append(Example(label, f"{parts[row % len(parts)]}/{label}/{row}", embedding))
    examples = Examples.of(given)
    return Photos(examples, (), tuple(name.split("/")[0] for name in examples.names), {})
