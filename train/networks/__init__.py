"""The networks: functions that return a `keras.Model` from raw pixels, uint8 (N, H, W, 3), to logits.

A network of one class pair ends in a single logit, float32 (N, 1), whose sigmoid is the probability of the second
class, as in the reports; any other in one logit a class, float32 (N, C). Sigmoid and softmax are no layers here: the
loss takes logits, and the export adds temperature and probabilities (train/export.py).
"""

from collections.abc import Callable

import keras

from train.networks import airbench, reports, residual
from train.networks.ends import Shape

# What a recipe names. A new network is a function and a line here.
NETWORKS: dict[str, Callable[[Shape, int], keras.Model]] = {
    "cats_vs_dogs": residual.cats_vs_dogs,
    "cats_vs_dogs_128": reports.cats_vs_dogs_128,
    "cats_vs_dogs_64_one_conv": reports.cats_vs_dogs_64_one_conv,
    "cats_vs_dogs_64_strided": reports.cats_vs_dogs_64_strided,
    "cifar": airbench.cifar,
    "cifar_wide": airbench.cifar_wide,
    "cifar10_276k": reports.cifar10_276k,
    "cifar10_1m3": reports.cifar10_1m3,
    "cifar100_3m": reports.cifar100_3m,
    "residual": residual.residual,
}
