"""Step 2, fit: the recipe's network, trained, or taken up where an earlier run left it."""

import hashlib
import json
import logging
import shutil
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from train.data.cache import cached, run_dir
from train.data.part import Dataset
from train.errors import StaleRunError
from train.learning import teacher
from train.learning.loop import learn
from train.learning.teachers import TEACHERS
from train.machine import multiplies_bfloat16
from train.networks import NETWORKS
from train.networks.whitening import whiten
from train.recipe import Run
from train.schedule import Schedule

log = logging.getLogger(__name__)

# Pictures that a whitening layer is set from.
WHITENED_FROM = 5_000


def fit(run: Run, dataset: Dataset, again: bool = False) -> keras.Model:
    """The trained network as it is exported: single precision, uint8 (N, H, W, 3) of one size to logits.

    Its checkpoints, curves.csv and network.keras lie in `run.folder`. `again` throws away what is there, but not what a
    schedule that it goes on from left.

    Raises:
        StaleRunError: what is there is the work of another network, schedule or data.
    """
    if again:
        shutil.rmtree(run.folder, ignore_errors=True)
    make, classes = NETWORKS[run.recipe.network], len(dataset.labels)
    network = make((run.recipe.height, run.recipe.width, 3), classes)
    check_made_by(run, network, dataset)
    finished = run.folder / "network.keras"
    if finished.exists():
        log.info("taking the finished run in %s (--again trains it again)", run.folder)
        trained = keras.saving.load_model(finished, safe_mode=True)
    else:
        before = fit(run.before, dataset) if run.before else None
        lessons = _lessons(run, dataset) if run.plan.teachers else None
        keras.utils.set_random_seed(run.seed)
        # A schedule with a size of its own trains on pictures of another size than the network answers.
        sides = (None, None) if run.plan.size else (run.recipe.height, run.recipe.width)
        keras.config.set_dtype_policy(_policy(run.plan))
        learning = make((*sides, 3), classes)
        keras.config.set_dtype_policy("float32")
        if before is None:
            whiten(learning, dataset.pictures.images[:WHITENED_FROM])
        else:
            learning.set_weights(before.get_weights())
        trained = learn(learning, run.plan, dataset.pictures, dataset.validation, run.folder, run.seed, lessons)
    network.set_weights(trained.get_weights())
    return network


def check_made_by(run: Run, network: keras.Model, dataset: Dataset) -> None:
    """Stamp the run's folder with what decides the training; raise StaleRunError where it bears another stamp.

    What a recipe or schedule leaves at its default is not in the stamp, so a new field makes no run stale.
    """
    stamp = run.folder / "made_by.json"
    now = made_by(run, network, dataset)
    if stamp.exists() or (run.folder / "curves.csv").exists():
        found = json.loads(stamp.read_text()) if stamp.exists() else {}
        others = [name for name, value in now.items() if found.get(name) != value]
        if others:
            raise StaleRunError(
                f"{run.folder} holds a run of another {' and another '.join(others)}. Train it from the start with "
                f"{run.command} --again, or delete that folder."
            )
    run.folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(json.dumps(now, indent=2))


def made_by(run: Run, network: keras.Model, dataset: Dataset) -> dict[str, Any]:
    """What decides the training but for the seed, as plain data."""
    return {
        "network": [run.recipe.network, [list(weight.shape) for weight in network.weights]],
        "schedule": run.plan.described(),
        "data": [dataset.pictures.digest, dataset.validation.digest],
        **({"after": made_by(run.before, network, dataset)} if run.before else {}),
    }


def _policy(plan: Schedule) -> str:
    """Keras's name for the precision to train in: bfloat16 is slow where the processor does not multiply it."""
    if not plan.half_precision:
        return "float32"
    if multiplies_bfloat16():
        return "mixed_bfloat16"
    log.info("this processor does not multiply bfloat16: training in single precision, which takes longer")
    return "float32"


def _lessons(run: Run, dataset: Dataset) -> NDArray[np.float16]:
    """The teachers' lesson on each picture to learn from, kept beside the decoded pictures."""
    taught_by = [TEACHERS[name] for name in run.plan.teachers]
    pictures = f"{dataset.pictures.digest} {dataset.validation.digest}"
    made_of = [f"{pictures} {one.identity(dataset.root)} {run.seed}" for one in taught_by]

    def make() -> NDArray[np.float16]:
        folders = [run_dir("teacher-" + hashlib.sha256(made.encode()).hexdigest()[:16]) for made in made_of]
        found = [one.teach(dataset, folder, run.seed) for one, folder in zip(taught_by, folders, strict=True)]
        return teacher.lessons(teacher.together(found), dataset.pictures, dataset.validation, run.seed).maps

    # In memory: every epoch reads all of it, in another order.
    return np.array(cached(f"lessons-{run.recipe.name}-{run.schedule}", " ".join(made_of), make))
