"""Which photos are held out."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from teach.examples import Examples
from teach.lesson import CROSS_VALIDATED
from teach.validation import held_out_rows
from train.folder.photos import Photos

Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Folds:
    """Fold by fold what is held out; and of all that is held out, which photos choose and which measure."""

    held_out: tuple[Rows, ...]
    choosing: Rows
    measuring: Rows
    split: bool  # one fold, as the folders of the photos say

    @classmethod
    def of(cls, photos: Photos) -> Self:
        """Those of a split where there is one, else the five of teaching, which hold out every photo once."""
        if photos.split is None:
            every = np.ones(len(photos.files), np.bool_)
            return cls(tuple(held_out_rows(photos.examples.truth)), every, every, split=False)
        choosing, measuring = photos.split
        return cls((choosing | measuring,), choosing, measuring, split=True)

    @property
    def told(self) -> str:
        """How the figures come about, for the card."""
        return "as its folders say; only those for training were trained on" if self.split else CROSS_VALIDATED

    def learnt(self, examples: Examples) -> Examples:
        """The photos that the final model is fitted to: all, or those for training."""
        return examples.without(set(np.flatnonzero(self.held_out[0]).tolist())) if self.split else examples
