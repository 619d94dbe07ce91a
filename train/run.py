"""One run of a recipe: its data, its network trained or taken up again, the model folder, the evidence."""

import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from train import outliers, plots, teacher
from train.cifar import cifar10, cifar100
from train.datasets import Dataset, Part, asirra, cache_dir, cached
from train.fit import fit
from train.listing import RESULTS
from train.networks import NETWORKS
from train.publish import Trained, publish
from train.recipes import Recipe
from train.schedule import Schedule
from train.whitening import whiten

log = logging.getLogger(__name__)

# What Linux calls the instructions that multiply bfloat16: with them training is twice as fast, without a tenth.
BFLOAT16 = {"amx_bf16", "avx512_bf16"}
# What of a card is evidence of a run.
EVIDENCE = (
    *("name", "metrics", "unsure", "robustness", "weights", "temperature"),
    *("parameters", "answers", "data", "trained"),
)


class StaleRunError(Exception):
    """What an earlier run left is not of this recipe as it is now."""


@dataclass(frozen=True)
class Run:
    """What `python -m train RECIPE` was asked for."""

    recipe: Recipe
    schedule: str  # its name among the recipe's
    seed: int

    @property
    def plan(self) -> Schedule:
        """The schedule itself."""
        return self.recipe.schedules[self.schedule]

    @property
    def command(self) -> str:
        """The command that makes this model again."""
        schedule = "" if self.schedule == self.recipe.meant else f" --schedule {self.schedule}"
        return f"python -m train {self.recipe.name}{schedule}" + (f" --seed {self.seed}" if self.seed else "")

    @property
    def is_meant(self) -> bool:
        """Whether its model is the one to be served under the recipe's name."""
        return self.schedule == self.recipe.meant and self.seed == 0

    @property
    def folder(self) -> Path:
        """Where checkpoints live, outside the source tree."""
        return cache_dir() / "runs" / f"{self.recipe.name}-{self.schedule}-seed{self.seed}"

    @property
    def title(self) -> str:
        """What its evidence is called in train/results/."""
        return f"{self.recipe.name}-{self.schedule}" + (f"-seed{self.seed}" if self.seed else "")


def load(recipe: Recipe, data: Path) -> Dataset:
    """The data set of a recipe, at its size. Raises DataMissingError."""
    if recipe.data == "asirra":
        return asirra(data, recipe.height, recipe.width, recipe.variant)
    return cifar10(data) if recipe.data == "cifar10" else cifar100(data)


def train(run: Run, data: Path, models: Path, again: bool = False) -> Path:
    """Train a recipe's network, or take up what an earlier run left, and write its model folder, which is returned.

    Raises:
        DataMissingError: the pictures are not there.
        ExportError: the exported file does not answer as the network does.
    """
    recipe = run.recipe
    dataset = load(recipe, data)
    parts = (len(part) for part in (dataset.train, dataset.validation, dataset.test))
    log.info("%s: %d train, %d validation, %d test pictures", dataset.name, *parts)
    none, held_out = _none(recipe, data) if recipe.taught else (None, None)
    card = publish(
        Trained(
            name=recipe.name,
            title=recipe.title,
            network=_network(run, dataset, data, none, again),
            dataset=dataset,
            variant=recipe.variant,
            curves=run.folder / "curves.csv",
            command=run.command,
            seed=run.seed,
            schedule=run.schedule,
            reported=recipe.reported.accuracy,
            resize=recipe.resize,
            mirror=recipe.mirror,
            none=held_out,
            notes=recipe.notes,
            kept=recipe.kept,
            files=tuple(data / "PetImages" / f"{key}.jpg" for key in dataset.test.keys) if recipe.taught else (),
        ),
        models,
    )
    evidence = RESULTS / f"{run.title}.json"
    evidence.write_text(json.dumps({key: card[key] for key in EVIDENCE if key in card}, indent=2) + "\n")
    shutil.copyfile(run.folder / "curves.csv", evidence.with_suffix(".csv"))
    _draw_gaps(recipe)
    return models / recipe.name


def _draw_gaps(recipe: Recipe) -> None:
    """Where a recipe was trained without and with changes to the pictures, what they do to the gap, side by side."""
    runs = {"plain": "as they are", "fast": "changed a little"}
    curves = {title: RESULTS / f"{recipe.name}-{schedule}.csv" for schedule, title in runs.items()}
    if all(file.exists() for file in curves.values()):
        plots.gaps(curves, RESULTS / f"{recipe.name}-gaps.png")


def _none(recipe: Recipe, data: Path) -> tuple[Part, Part]:
    """Training and held out pictures of none of the classes."""
    return outliers.read(data / "outliers", recipe.height, recipe.width, label=2)


def _network(run: Run, dataset: Dataset, data: Path, none: Part | None, again: bool) -> keras.Model:
    """The trained network as it is exported: single precision, pictures of one size."""
    if again:
        shutil.rmtree(run.folder, ignore_errors=True)
    _check_made_by(run)
    make, classes = NETWORKS[run.recipe.network], len(dataset.labels)
    finished = run.folder / "network.keras"
    if finished.exists():
        log.info("taking the finished run in %s (--again trains anew)", run.folder)
        trained = keras.saving.load_model(finished, safe_mode=True)
    else:
        pictures = dataset.train + none if none else dataset.train
        lessons = _lessons(run, pictures, dataset.validation, data) if run.recipe.taught else None
        keras.utils.set_random_seed(run.seed)
        # A schedule with a size of its own trains on pictures of another size than the network answers.
        sides = (None, None) if run.plan.size else (run.recipe.height, run.recipe.width)
        keras.config.set_dtype_policy(_policy(run.plan))
        learning = make((*sides, 3), classes)
        keras.config.set_dtype_policy("float32")
        whiten(learning, pictures.images[:5000])
        trained = fit(learning, run.plan, pictures, dataset.validation, run.folder, run.seed, lessons)
    network = make((run.recipe.height, run.recipe.width, 3), classes)
    network.set_weights(trained.get_weights())
    return network


def _policy(plan: Schedule, cpu: Path = Path("/proc/cpuinfo")) -> str:
    """Keras's name for the precision to train in: bfloat16 is slow where the processor does not multiply it."""
    if not plan.half_precision:
        return "float32"
    if cpu.exists() and not BFLOAT16.isdisjoint(cpu.read_text().split()):
        return "mixed_bfloat16"
    log.info("this processor does not multiply bfloat16: training in single precision, which takes longer")
    return "float32"


def _check_made_by(run: Run) -> None:
    """Raise StaleRunError where the run's folder holds the work of another network or schedule."""
    stamp = run.folder / "made_by.txt"
    made_by = repr((run.recipe.network, run.recipe.parameters, run.plan))
    if run.folder.exists() and (not stamp.exists() or stamp.read_text() != made_by):
        raise StaleRunError(f"{run.folder} holds a run of another schedule or network; --again trains anew")
    run.folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_by)


def _lessons(run: Run, pictures: Part, validation: Part, data: Path) -> NDArray[np.float16]:
    """The teacher's lesson on each picture, kept beside the decoded pictures."""
    name = f"lessons-{run.recipe.name}-{len(pictures)}-seed{run.seed}"
    # In memory: every epoch reads all of it, in another order.
    return np.array(cached(name, lambda: teacher.lessons(teacher.load(data), pictures, validation, run.seed).maps))
