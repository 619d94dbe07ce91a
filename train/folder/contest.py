"""Head against head and tail, on the same held-out photos."""

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from teach.calibration import Answers, probabilities, unsure_below
from teach.report import Report, report
from train.folder.folds import Folds
from train.folder.mixture import HEAD_ALONE, Mixture
from train.folder.photos import Photos

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class HeldOut:
    """What both say of photos that they have not seen; rows that none of the two was asked about are zeros."""

    of_head: Floats  # calibrated logits [N, classes + 1]
    of_tail: Floats  # logits [N, classes]
    of_bank: Floats  # the head's calibrated logits [M, classes + 1] of the bank


@dataclass(frozen=True)
class Outcome:
    """Which is right more often, of the photos that choose."""

    photos: int
    right_by_head: int
    right_by_both: int
    mixture: Mixture

    @property
    def taken(self) -> Mixture:
        """Of the two the one that is served."""
        return self.mixture if self.both_win else HEAD_ALONE

    @property
    def both_win(self) -> bool:
        """Whether the tail is worth a network of its own."""
        return self.right_by_both > self.right_by_head

    def __str__(self) -> str:
        return (
            f"of {self.photos} held-out photos the head is right for {self.right_by_head}, with the trained blocks "
            f"for {self.right_by_both}"
        )


def contest(photos: Photos, held_out: HeldOut, folds: Folds) -> Outcome:
    """Fit the mixture to the photos that choose, and count."""
    rows, truth = folds.choosing & photos.examples.own, photos.examples.truth
    mixture = Mixture.fitted(held_out.of_head[rows], held_out.of_tail[rows], truth[rows])
    both = mixture.chances(held_out.of_head[rows], held_out.of_tail[rows])
    by_head, by_both = (int((said.argmax(axis=1) == truth[rows]).sum()) for said in (held_out.of_head[rows], both))
    return Outcome(int(rows.sum()), by_head, by_both, mixture)


def reported(photos: Photos, held_out: HeldOut, mixture: Mixture, folds: Folds) -> tuple[float, Report]:
    """The threshold below which the mixture is unsure, and the report on the photos that measure."""
    chances = mixture.chances(held_out.of_head, held_out.of_tail)
    truth, own = photos.examples.truth, photos.examples.own
    which = folds.choosing & own
    said = Answers.of(chances.astype(np.float32))
    below = unsure_below(said.confidence[which], said.classes[which] == truth[which])
    measured = photos.examples.without(set(np.flatnonzero(~folds.measuring).tolist()))
    # How the tail would share out the bank is not known, but no label gets more than all that is left.
    none = probabilities(held_out.of_bank)[:, -1:]
    most = np.concatenate([1 - none, np.zeros((len(none), len(photos.examples.labels) - 1)), none], axis=1)
    found = report(measured, said.only(folds.measuring), most.argmax(axis=1), below)
    photos.tell(found)
    return below, found
