"""One process of a small training on drawn pictures: python -m tests.train.hosts.small EPOCHS HOST:PORT N I [WAIT].

Its network has all that random numbers and batches decide: changed pictures, Dropout, BatchNormalization, averages.
"""

import sys
from dataclasses import replace
from pathlib import Path

from tests.train.runs import small
from train.errors import HostsError
from train.hosts.hosts import Hosts
from train.hosts.way import fit_apart
from train.recipe import Run
from train.schedule import Augmentation

NETWORK = "drawn"


def run(epochs: int) -> Run:
    """Six batches of 16 pictures an epoch, and 40 for validation."""
    changes = Augmentation(flip=True, rotation=10, shift=0.1, light=0.2)
    found = small(epochs=epochs, optimizer="muon", one_cycle=True, batch=16, average=0.9, augmentation=changes)
    return replace(found, recipe=replace(found.recipe, network=NETWORK))


def replace_what_takes_time() -> None:
    """In the process that trains: drawn pictures, and a network that is compiled in seconds."""
    from keras import KerasTensor, Model, layers

    from tests.train.drawn import colour_set
    from train import load
    from train.networks import NETWORKS, ends
    from train.networks.normalization import BatchNormalization

    def network(shape: ends.Shape, classes: int) -> Model:
        inputs, x = ends.pixels(shape)
        x = layers.AveragePooling2D(8)(x)
        x = BatchNormalization()(layers.Conv2D(4, 3, activation="relu")(x))
        x: KerasTensor = layers.Dropout(0.2)(layers.Flatten()(x))
        return Model(inputs, ends.logits(x, classes))

    NETWORKS[NETWORK] = network
    load._pictures = lambda recipe, data: colour_set(data)


if __name__ == "__mp_main__":
    import os

    os.environ["KERAS_BACKEND"] = "jax"
    replace_what_takes_time()

if __name__ == "__main__":
    epochs, address, processes, process, *wait = sys.argv[1:]
    hosts = Hosts(address, int(processes), int(process), wait_s=int(wait[0]) if wait else 60)
    try:
        number = fit_apart(run(int(epochs)), Path(), False, hosts)
    except HostsError as error:
        sys.exit(f"error: {error}")
    print(f"process {number} is done")
