"""The trainings of a folder, kept outside the source tree until the model is on the shelf."""

import json
import logging
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import keras
import numpy as np
from numpy.typing import NDArray

from classifier.trunk import TrunkCard
from teach.examples import Examples
from train.data.cache import cache_dir
from train.folder.folds import Folds
from train.folder.photos import Photos
from train.folder.tail import Floats, Maps, Plan, answers, train_on

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """Where the trainings are kept, and how they are done."""

    folder: Path
    plan: Plan

    @classmethod
    def begun(cls, name: str, photos: Photos, trunk: TrunkCard, plan: Plan) -> Self:
        """The run of these photos under this name; what is left of one of other photos is removed."""
        folder = cache_dir() / "runs" / f"folder-{name}"
        stamp, made_by = folder / "made_by.json", {"photos": photos.digest, "trunk": trunk.sha256, **asdict(plan)}
        if folder.exists():
            if stamp.exists() and json.loads(stamp.read_bytes()) == made_by:
                log.info("going on where the last training of these photos was stopped")
            else:
                log.info("the photos are not those of the last time, so it begins again")
                shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        stamp.write_text(json.dumps(made_by))
        return cls(folder, plan)

    def held_out(self, tail: keras.Model, maps: Maps, examples: Examples, folds: Folds) -> Floats:
        """Logits float32 [N, labels] of each photo by a tail that has not been trained on it."""
        found = np.zeros((len(examples), len(examples.labels)), np.float32)
        for number, rows in enumerate(folds.held_out, 1):
            kept = self.folder / f"fold-{number}.npy"
            if kept.exists():
                found[rows] = np.load(kept)
                continue
            log.info("held-out photos, part %d of %d", number, len(folds.held_out))
            model = self._trained(tail, maps, examples, ~rows, number)
            found[rows] = answers(model, maps, np.flatnonzero(rows))
            _save(kept, found[rows])
            if not folds.split:  # whose one training is the final one
                shutil.rmtree(self.folder / str(number))
        return found

    def final(self, tail: keras.Model, maps: Maps, examples: Examples, folds: Folds) -> keras.Model:
        """Maps to logits, trained on all photos, or on those for training where the folders say which."""
        if folds.split:
            return self._trained(tail, maps, examples, ~folds.held_out[0], 1)
        log.info("all photos")
        return self._trained(tail, maps, examples, np.ones(len(examples), np.bool_), 0)

    def _trained(
        self, tail: keras.Model, maps: Maps, examples: Examples, rows: NDArray[np.bool_], number: int
    ) -> keras.Model:
        learnt = np.flatnonzero(rows & examples.own)
        return train_on(tail, maps, learnt, examples.truth, self.plan, self.folder / str(number))


def _save(file: Path, values: Floats) -> None:
    partial = file.with_suffix(".partial.npy")
    np.save(partial, values)
    partial.replace(file)
