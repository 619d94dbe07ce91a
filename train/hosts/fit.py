"""Steps 1 and 2, load and fit, as every one of the processes does them."""

import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import jax
import keras
import numpy as np

from train.errors import HostsError
from train.fit import WHITENED_FROM, check_made_by, made_by
from train.hosts import group, loop
from train.hosts.hosts import HOSTS_FILE, Hosts
from train.learning.loop import finish
from train.load import load
from train.networks import NETWORKS
from train.networks.whitening import whiten
from train.recipe import Run
from train.way import announce

log = logging.getLogger(__name__)


def fit(run: Run, data: Path, again: bool, hosts: Hosts, joined: Callable[[], None]) -> int:
    """Train the network of a run with the other processes; returns this one's number. Process 0 keeps the run.

    `joined` is called when all are there.

    Raises:
        DataMissingError: the pictures are not there.
        HostsError: the processes cannot train together.
        StaleRunError: on process 0 an earlier run left work of another network, schedule or data.
    """
    announce("load")
    dataset = load(run, data)
    announce("fit")
    log.info("waiting for the other processes")
    group.join(hosts)
    first = group.is_first()
    joined()
    classes = len(dataset.labels)
    keras.utils.set_random_seed(run.seed)
    network = NETWORKS[run.recipe.network]((run.recipe.height, run.recipe.width, 3), classes)
    group.check_alike(
        {"seed": run.seed}
        | made_by(run, network, dataset)
        | {"version of Keras or JAX": [keras.__version__, jax.__version__]}
    )
    _check_shared(run)
    if first:
        if again:
            shutil.rmtree(run.folder, ignore_errors=True)
        check_made_by(run, network, dataset)
    if group.from_first(np.int32(first and (run.folder / "network.keras").exists())):
        log.info("process 0 has finished this run (--again trains it again)")
        group.leave()
        return group.number()
    whiten(network, dataset.pictures.images[:WHITENED_FROM])
    learning = _learning(run, classes, network)
    weights = loop.learn(learning, run.plan, dataset.pictures, dataset.validation, run.folder, run.seed)
    group.leave()
    if first:
        network.set_weights(weights)
        made_with = {"processes": jax.process_count(), "JAX": jax.__version__}
        (run.folder / HOSTS_FILE).write_text(json.dumps(made_with))
        finish(network, run.plan, dataset.pictures, run.folder, run.seed)
    return group.number()


def _check_shared(run: Run) -> None:
    batch, devices = run.plan.batch, jax.device_count()
    if batch % devices:
        usable = [str(number) for number in range(1, min(batch, 64) + 1) if batch % number == 0]
        raise HostsError(
            f"Batches of {batch} pictures cannot be shared equally among {devices} processors. "
            f"Use one of these numbers: {', '.join(usable)}."
        )


def _learning(run: Run, classes: int, network: keras.Model) -> keras.Model:
    """The network that is trained, on all processors, beginning with the weights of `network`."""
    keras.distribution.set_distribution(keras.distribution.DataParallel(auto_shard_dataset=False))
    # On CPUs JAX gains nothing by half precision, and they may be of different kinds.
    half = run.plan.half_precision and jax.default_backend() != "cpu"
    keras.config.set_dtype_policy("mixed_bfloat16" if half else "float32")
    learning = NETWORKS[run.recipe.network](network.input.shape[1:], classes)
    keras.config.set_dtype_policy("float32")
    learning.set_weights(group.from_first(network.get_weights()))
    return learning
